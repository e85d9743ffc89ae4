"""A WSGI application with a thread of its own, for a server that embeds Python; /wait waits a while."""
import threading
import time


def pause(seconds):
    time.sleep(seconds)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/wait":
        pause(60)
    return [b"hello"]


def background():
    pause(600)


thread = threading.Thread(target=background, name="background")
thread.daemon = True
thread.start()
