package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;
import jspy.testing.Grandchild;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread that sleeps has the same frames whether it is read as it sleeps, when nothing but its
 * stack pointer and its program counter is known, or stopped, with all its registers.
 */
class AsleepLiveTest {
    private static final int PATIENCE_READS = 200;
    private static final int STOPS = Integer.getInteger("jspy.asleep.stops", 1000);

    /** Sleeps in as many ways as there are, each in a thread of its own. */
    private static final String SLEEPERS =
            """
            import os, queue, select, socket, subprocess, sys, threading, time
            def reading():
                here, there = os.pipe()
                os.read(here, 1)
            def selecting():
                here, there = os.pipe()
                select.select([here], [], [])
            def polling():
                here, there = os.pipe()
                poll = select.poll()
                poll.register(here)
                poll.poll(100000)
            def accepting():
                listener = socket.socket()
                listener.bind(('127.0.0.1', 0))
                listener.listen()
                listener.accept()
            def locking():
                lock = threading.Lock()
                lock.acquire()
                lock.acquire()
            ways = [
                lambda: time.sleep(100), threading.Event().wait, lambda: threading.Event().wait(100),
                queue.Queue().get, lambda: queue.Queue().get(timeout=100), reading, selecting,
                polling, accepting, locking, lambda: select.epoll().poll(100),
                lambda: subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)']).wait(),
                lambda: sorted([2, 1], key=lambda n: time.sleep(100)),
            ]
            for way in ways:
                threading.Thread(target=way, daemon=True).start()
            time.sleep(0.3)
            print('ready', flush=True)
            time.sleep(100)
            """;

    /** Leaves old frames of all depths behind on its stack. */
    private static final String BUSY =
            """
            import functools, json, re
            class Key:
                def __init__(self, n): self.n = n
                def __lt__(self, other): return descend(self.n) < descend(other.n)
            def leaf(n): return len(json.dumps({str(i): [i] * n for i in range(n)}))
            def descend(n): return functools.reduce(lambda a, b: a + b, map(leaf, range(n)), n)
            print('ready', flush=True)
            while True:
                sorted([Key(i) for i in (3, 1, 4, 2)])
                re.sub(r'(a+)b', lambda found: str(leaf(3)), 'aab' * 50)
            """;

    static List<Python> pythons() {
        return Python.from(8);
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void framesAreThoseOfTheStoppedThread(Python python) throws Exception {
        int count = 0;
        try (Grandchild target = Grandchild.start(python.command("-u", "-c", SLEEPERS))) {
            assertEquals("ready", target.line());
            TargetProcess process = TargetProcess.of(ProcFiles.system(), target.pid());
            Linux kernel = new Linux();
            LiveMemory memory = new LiveMemory(kernel, target.pid());
            try (NativeCode code = new NativeCode(process, memory);
                    ThreadStates states = new ThreadStates(kernel, process.proc(), target.pid());
                    ThreadStopper stopper = new ThreadStopper(kernel)) {
                NativeStackReader reader =
                        new NativeStackReader(process, code, memory, states, stopper);
                for (int thread : process.threads()) {
                    Copier copier = new Copier(memory);
                    List<String> asleep = read(reader, thread, copier, true);
                    List<String> stopped = read(reader, thread, copier, false);
                    assertEquals(String.join("\n", stopped), String.join("\n", asleep));
                    count++;
                }
            }
        }
        assertTrue(count >= 13, count + " threads");
        System.out.printf("%s: %d sleeping threads, each to the root%n", python, count);
    }

    /** Wherever a thread is stopped: what is found without its registers is what they lead to. */
    @ParameterizedTest
    @MethodSource("pythons")
    void framesFoundWithoutRegistersAreNeverOthers(Python python) throws Exception {
        int same = 0;
        int unknown = 0;
        try (Grandchild target = Grandchild.start(python.command("-u", "-c", BUSY))) {
            assertEquals("ready", target.line());
            TargetProcess process = TargetProcess.of(ProcFiles.system(), target.pid());
            Linux kernel = new Linux();
            LiveMemory memory = new LiveMemory(kernel, target.pid());
            try (NativeCode code = new NativeCode(process, memory);
                    ThreadStates states = new ThreadStates(kernel, process.proc(), target.pid());
                    ThreadStopper stopper = new ThreadStopper(kernel)) {
                NativeStackReader reader =
                        new NativeStackReader(process, code, memory, states, stopper);
                Unwinder unwinder = code.unwinder();
                Copier copier = new Copier(memory);
                for (int i = 0; i < STOPS; i++) {
                    int how = reader.readStopped(target.pid(), copier);
                    if (how != NativeStackReader.STOPPED || reader.end() != UnwindEnd.ROOT) {
                        continue;
                    }
                    NativeRegisters asleep = new NativeRegisters();
                    int stackPointer = code.machine().stackPointer();
                    asleep.set(stackPointer, reader.registers().get(stackPointer));
                    asleep.setProgramCounter(reader.registers().programCounter());
                    int end = unwinder.unwind(code.modules(), asleep, reader.stack());
                    if (end == UnwindEnd.ROOT) {
                        assertEquals(frames(reader.unwinder()), frames(unwinder));
                        same++;
                    } else {
                        unknown++;
                    }
                }
            }
        }
        System.out.printf("%s: %d equal, %d not told%n", python, same, unknown);
        assertTrue(same > 0);
    }

    // internals

    private static List<String> read(
            NativeStackReader reader, int thread, Copier copier, boolean asleep)
            throws InterruptedException {
        int how = NativeStackReader.MOVED;
        for (int i = 0; i < PATIENCE_READS && how == NativeStackReader.MOVED; i++) {
            how = asleep ? reader.readAsleep(thread, copier) : reader.readStopped(thread, copier);
            Thread.sleep(how == NativeStackReader.MOVED ? 20 : 0); // not asleep yet
        }
        assertEquals(asleep ? NativeStackReader.ASLEEP : NativeStackReader.STOPPED, how);
        assertEquals(
                "root", UnwindEnd.reason(reader.end()), () -> frames(reader.unwinder()).toString());
        return frames(reader.unwinder());
    }

    private static List<String> frames(Unwinder unwinder) {
        List<String> frames = new ArrayList<>();
        for (int i = 0; i < unwinder.count(); i++) {
            frames.add("%x at %x".formatted(unwinder.programCounter(i), unwinder.stackPointer(i)));
        }
        return frames;
    }

    /** Copies the stack and nothing else. */
    private static final class Copier implements NativeStackReader.Still {
        private final LiveMemory memory;
        private MemorySegment buffer = Arena.ofAuto().allocate(64 << 10, 64);

        Copier(LiveMemory memory) {
            this.memory = memory;
        }

        @Override
        public int stackBytes() {
            return (int) buffer.byteSize();
        }

        @Override
        public void needsStack(int bytes) {
            buffer = Arena.ofAuto().allocate(bytes, 64);
        }

        @Override
        public boolean read(long stackAddress, int stackBytes, StackCopy into) {
            int got = memory.read(stackAddress, buffer, 0, stackBytes);
            into.set(buffer, 0, stackAddress, Math.max(got, 0));
            return got > 0;
        }
    }
}
