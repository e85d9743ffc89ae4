package jspy.output;

import jspy.profile.Accuracy;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.Profile;
import jspy.profile.StackTrie;
import jspy.profile.Target;
import jspy.profile.ThreadLog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes profiles for tests, the same ones in every run. */
final class Profiles {
    private static final long INTERVAL_NANOS = 10_000_000;

    private final FrameTable frames = new FrameTable();
    private final StackTrie stacks = new StackTrie();
    private final List<ThreadLog> threads = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private boolean grouped;
    private long nowNanos;

    /** Two threads of a small web job; ten functions. */
    static Profile small() {
        return smallBuilder().build();
    }

    /** The same with a frame for each process and thread. */
    static Profile smallGrouped() {
        Profiles profiles = smallBuilder();
        profiles.grouped = true;
        return profiles.build();
    }

    /** A thread and a target, but no sample. */
    static Profile empty() {
        Profiles profiles = new Profiles();
        profiles.target("python3 idle.py");
        profiles.thread(1625, "MainThread");
        return profiles.build();
    }

    /** Names that want to break every format. */
    static Profile hostile() {
        Profiles profiles = new Profiles();
        profiles.target(
                "python3 -c \"print('<script>alert(1)</script>')\" ; rm\n-rf & ]]> \u202e\ud800");
        ThreadLog thread = profiles.thread(7, "a;b 7\n\"<]]>&");
        for (String name :
                List.of(
                        "</title><script>alert(1)</script>",
                        "]]></style>",
                        "a;b;c",
                        "quote\"'&amp;",
                        "line\nbreak\r\tand\0nul\u001b[31m",
                        "\ud83d\udc0d \u65e5\u672c\u8a9e \ud800 lone",
                        "\u202eevil\u2066",
                        "\ufffe\uffff",
                        "ends in 12",
                        "",
                        "x".repeat(100_000))) {
            int caller = profiles.stack(new Frame(name, "/srv/" + name + ".py", name + ".py", 3));
            profiles.sample(thread, caller);
            profiles.sample(
                    thread,
                    profiles.stacks.child(caller, profiles.frames.intern(Frame.group(name))));
        }
        return profiles.build();
    }

    /** These stacks, root first, in a process and a thread named like the first frame. */
    static Profile of(List<List<String>> stacks) {
        Profiles profiles = new Profiles();
        String name =
                stacks.isEmpty() || stacks.getFirst().isEmpty() ? "" : stacks.getFirst().getFirst();
        profiles.target(name);
        profiles.notes.add(name);
        profiles.grouped = true;
        ThreadLog thread = profiles.thread(1625, name);
        for (List<String> stack : stacks) {
            int node = StackTrie.ROOT;
            for (String function : stack) {
                Frame frame = new Frame(function, "/" + function, function, function.length());
                node = profiles.stacks.child(node, profiles.frames.intern(frame));
            }
            profiles.sample(thread, node);
        }
        return profiles.build();
    }

    /** One function that calls itself, and others that take turns, so deep. */
    static Profile deep(int depth) {
        Profiles profiles = new Profiles();
        profiles.target("python3 deep.py");
        ThreadLog thread = profiles.thread(99, "MainThread");
        int node = profiles.stack(frame("<module>", "deep.py", 20));
        int recursion = profiles.frames.intern(frame("recurse", "deep.py", 7));
        for (int i = 0; i < depth; i++) {
            node = profiles.stacks.child(node, recursion);
        }
        int leaf = profiles.stacks.child(node, profiles.frames.intern(frame("spin", "deep.py", 3)));
        int other =
                profiles.stacks.child(node, profiles.frames.intern(frame("hash", "deep.py", 5)));
        for (int i = 0; i < 300; i++) {
            profiles.sample(thread, i % 3 == 0 ? other : leaf);
        }
        return profiles.build();
    }

    /** Random call graphs of a large program: some thousands of frames up to 60 deep. */
    static Profile large(int samples) {
        Profiles profiles = new Profiles();
        profiles.target(
                "/usr/bin/python3.12 -m gunicorn --workers 4 --bind 0.0.0.0:8000"
                        + " shop.wsgi:application");
        profiles.notes.add("Idle threads are left out; -i shows them.");
        Random random = new Random(42);
        List<ThreadLog> workers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            workers.add(profiles.thread(4200 + i, i == 0 ? "MainThread" : "worker-" + i));
        }
        int root =
                profiles.stack(
                        frame("<module>", "gunicorn", 8), frame("run", "gunicorn/app/base.py", 71));
        for (int i = 0; i < samples; i++) {
            int node = root;
            int depth = 6 + (int) Math.abs(random.nextGaussian() * 18);
            int state = 1;
            for (int level = 0; level < Math.min(depth, 58); level++) {
                int choice = random.nextInt(100) < 70 ? 0 : random.nextInt(4);
                state = Math.floorMod(state * 31 + choice * 17 + level, 997);
                String module = MODULES[state % MODULES.length];
                String function =
                        FUNCTIONS[state % FUNCTIONS.length] + (state % 5 == 0 ? "_" + state : "");
                Frame frame = new Frame(function, "/srv/app/" + module, module, 1 + state % 300);
                node = profiles.stacks.child(node, profiles.frames.intern(frame));
            }
            profiles.sample(workers.get(random.nextInt(workers.size())), node);
        }
        return profiles.build();
    }

    private static final String[] MODULES = {
        "shop/views.py",
        "shop/models.py",
        "shop/cart.py",
        "django/core/handlers/base.py",
        "django/db/models/query.py",
        "django/db/models/sql/compiler.py",
        "django/template/base.py",
        "json/decoder.py",
        "psycopg2/extras.py",
        "urllib3/connectionpool.py",
        "ssl.py",
    };

    private static final String[] FUNCTIONS = {
        "BaseHandler.get_response",
        "QuerySet.__iter__",
        "SQLCompiler.execute_sql",
        "render",
        "Node.render_annotated",
        "Cart.total",
        "checkout",
        "JSONDecoder.raw_decode",
        "HTTPConnectionPool.urlopen",
        "SSLSocket.read",
        "inner",
        "<listcomp>",
        "price_of",
    };

    // internals

    private static Profiles smallBuilder() {
        Profiles profiles = new Profiles();
        profiles.target("python3 shop.py --port 8000");
        profiles.notes.add("1 thread was idle all the time and is left out (-i shows it)");
        ThreadLog main = profiles.thread(1625, "MainThread");
        ThreadLog worker = profiles.thread(1626, "worker-\u00e9\u4e2d");
        Frame module = frame("<module>", "shop.py", 40);
        Frame serve = frame("Server.serve", "shop.py", 31);
        Frame handle = frame("Server.handle", "shop.py", 22);
        Frame run = frame("Thread.run", "threading.py", 1012);
        Frame price = frame("price_of", "shop/cart.py", 9);
        int parse = profiles.stack(module, serve, handle, frame("loads", "json/__init__.py", 346));
        int priced =
                profiles.stack(module, serve, handle, frame("total", "shop/cart.py", 4), price);
        int render = profiles.stack(module, serve, frame("render", "shop/views.py", 12));
        int polling = profiles.stack(run, frame("poll", "shop/stock.py", 17), price);
        int torn = profiles.stack(run, Frame.torn());
        for (int i = 0; i < 100; i++) {
            profiles.sample(main, i % 10 < 2 ? parse : i % 10 < 7 ? priced : render);
            if (i % 4 == 0) {
                worker.append(i % 24 == 0 ? torn : polling, profiles.nowNanos, INTERVAL_NANOS);
            }
        }
        return profiles;
    }

    private static Frame frame(String function, String file, int line) {
        return new Frame(function, "/srv/app/" + file, file, line);
    }

    private void target(String commandLine) {
        targets.add(new Target(1625, commandLine, "3.12.4", "/usr/bin/python3.12"));
    }

    private ThreadLog thread(long id, String name) {
        ThreadLog thread = ThreadLog.timed(1625, id, 0x7f00_0000_1000L + id);
        thread.setName(name);
        threads.add(thread);
        return thread;
    }

    private int stack(Frame... rootFirst) {
        int node = StackTrie.ROOT;
        for (Frame frame : rootFirst) {
            node = stacks.child(node, frames.intern(frame));
        }
        return node;
    }

    private void sample(ThreadLog thread, int stack) {
        nowNanos += INTERVAL_NANOS;
        thread.append(stack, nowNanos, INTERVAL_NANOS);
    }

    private Profile build() {
        long stacksSeen = threads.stream().mapToLong(ThreadLog::samples).sum();
        Accuracy accuracy =
                Accuracy.builder()
                        .rateAskedHz(100)
                        .rateReachedHz(stacksSeen == 0 ? 0 : 99.94)
                        .samples(nowNanos / INTERVAL_NANOS)
                        .stacks(stacksSeen)
                        .proved(stacksSeen - stacksSeen / 25)
                        .torn(stacksSeen / 25)
                        .intervalP50Nanos(9_990_000)
                        .intervalP99Nanos(46_100_000)
                        .cpuNanos(nowNanos / 125)
                        .wallNanos(nowNanos)
                        .provedHow("own core (rseq)")
                        .build();
        return new Profile(
                "0.1.0",
                targets,
                Instant.parse("2026-11-22T17:02:58Z"),
                nowNanos,
                frames,
                stacks,
                threads,
                accuracy,
                notes,
                grouped,
                grouped);
    }
}
