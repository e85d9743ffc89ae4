"""Two threads whose variables belong together: a is b or one more, pair holds one value twice."""
import sys
import threading


def move(start):
    a = start
    b = a
    pair = (a, a)
    while True:
        a += 1
        b = a
        pair = (b, b)


thread = threading.Thread(target=move, args=(1 << 40,))
thread.daemon = True
thread.start()
print("ready")
sys.stdout.flush()
move(1 << 50)
