"""A web server of the standard library, a thread for every connection, with four clients in a process of their own."""
import http.client
import http.server
import json
import os
import signal
import subprocess
import sys
import threading

CLIENTS = 4


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):  # <- library
        body = answer(self.path)  # -> answer
        self.send_response(200)  # -> *
        self.send_header("Content-Length", str(len(body)))  # -> *
        self.end_headers()  # -> *
        self.wfile.write(body)  # -> *

    def log_message(self, *_):  # <- library
        pass


def answer(path):
    if path == "/left":
        return left()  # -> left
    return right()  # -> right


def left():
    return json.dumps(list(range(100))).encode()  # -> *


def right():
    return json.dumps({"numbers": [n * n for n in range(100)]}).encode()  # -> * <listcomp>


def ask(port):  # <- library
    connection = http.client.HTTPConnection("127.0.0.1", port)  # -> *
    while True:
        for path in ("/left", "/right"):
            connection.request("GET", path)  # -> *
            connection.getresponse().read()  # -> *


def clients(port):
    for _ in range(CLIENTS):
        thread = threading.Thread(target=ask, args=(port,))  # -> *
        thread.daemon = True
        thread.start()  # -> *
    threading.Event().wait()  # -> *


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)  # -> *
    server.daemon_threads = True
    child = subprocess.Popen([sys.executable, __file__, str(server.server_port)])  # -> *
    try:
        print("ready")
        server.serve_forever()  # -> *
    finally:
        child.kill()  # -> *


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
if len(sys.argv) > 1:
    clients(int(sys.argv[1]))  # -> clients
else:
    main()  # -> main
