package jspy.python;

import jspy.memory.TargetMemory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The names that Python's {@code threading} gave to its threads: {@code
 * sys.modules["threading"]._active}, ident to {@code Thread}, of which {@code _name}. Read when a
 * thread is first seen and now and then, never per sample. One thread uses it.
 *
 * <p>The target runs on while this is read. Two passes in a row must say the same; where they still
 * differ after a few, what both said counts: a thread may lack its name, but has no other's.
 */
public final class ThreadNames {
    /** What {@code threading} itself calls the thread that started the interpreter. */
    static final String MAIN_THREAD = "MainThread";

    /** Longer names are cut. */
    static final int MAX_NAME_CHARS = 4096;

    /** Passes over the dicts before what was read must do. */
    private static final int MAX_PASSES = 4;

    /** Ten reads a thread, twice, for more threads than any process has. */
    private static final long MAX_READS = 1 << 21;

    /**
     * Readings after which {@code _active} is looked up anew: sys.modules may have thousands of
     * entries.
     */
    private static final int LOOK_UP_EVERY = 32;

    private final PythonRuntime runtime;
    private final long maxReads;
    private final Peek peek;
    private final ObjectReader objects;
    private final Interpreters interpreters;
    private final Map<Long, Long> activeDicts = new HashMap<>(); // by interpreter
    private final String nameAttribute;
    private int readings;

    public ThreadNames(TargetMemory memory, PythonRuntime runtime) {
        this(memory, runtime, MAX_READS);
    }

    /**
     * @param maxReads of memory, for one reading of all names
     */
    ThreadNames(TargetMemory memory, PythonRuntime runtime, long maxReads) {
        this.runtime = runtime;
        this.maxReads = maxReads;
        nameAttribute = runtime.version().major() == 2 ? "_Thread__name" : "_name";
        peek = new Peek(memory);
        objects = new ObjectReader(peek, runtime.offsets(), runtime.version());
        interpreters = new Interpreters(peek, runtime.offsets());
    }

    /**
     * Python ident (a {@code pthread_t}) to name, of all interpreters; threads without a name are
     * absent.
     */
    public Map<Long, String> read() {
        peek.allow(maxReads);
        readings++;
        Map<Long, String> names = new HashMap<>();
        List<Long> all = interpreters.all(runtime.interpretersHeadAddress());
        // a thread that entered a sub-interpreter is known there as a dummy: the oldest
        // interpreter's name counts
        for (Long interpreter : all.reversed()) {
            namesOf(interpreter).forEach(names::putIfAbsent);
        }
        return names;
    }

    // internals

    private Map<Long, String> namesOf(long interpreter) {
        Long known = activeDicts.get(interpreter);
        if (known == null || readings % LOOK_UP_EVERY == 0) {
            OptionalLong threading = threading(interpreter);
            if (threading.isEmpty()) {
                return mainThread(interpreter);
            }
            known = objects.item(objects.moduleDict(threading.getAsLong()), "_active");
            activeDicts.put(interpreter, known);
        }
        Map<Long, String> before = Map.of();
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            Map<Long, String> now = new HashMap<>();
            boolean whole = readActive(known, now);
            if (whole && now.equals(before)) {
                return now;
            }
            if (pass == MAX_PASSES - 1) {
                activeDicts.remove(interpreter);
                now.entrySet().retainAll(before.entrySet());
            }
            before = now;
        }
        return before;
    }

    private OptionalLong threading(long interpreter) {
        long[] module = new long[1];
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            if (objects.find(interpreters.modules(interpreter), "threading", module)) {
                break;
            }
        }
        return module[0] == 0 ? OptionalLong.empty() : OptionalLong.of(module[0]);
    }

    private boolean readActive(long active, Map<Long, String> names) {
        boolean[] whole = {true};
        boolean still =
                objects.dicts()
                        .forEach(
                                active,
                                (key, thread) -> {
                                    OptionalLong ident = objects.intValue(key);
                                    Optional<String> name = name(thread);
                                    if (ident.isPresent() && name.isPresent()) {
                                        names.put(ident.getAsLong(), name.get());
                                    } else {
                                        whole[0] = false;
                                    }
                                    return true;
                                });
        return still && whole[0];
    }

    private Optional<String> name(long thread) {
        long name = objects.attribute(thread, nameAttribute);
        return name == 0 ? Optional.empty() : objects.text(name, MAX_NAME_CHARS);
    }

    /** Without {@code threading} nobody has a name yet; the oldest thread is the one that began. */
    private Map<Long, String> mainThread(long interpreter) {
        List<Long> threads = interpreters.threads(interpreter);
        long ident = threads.isEmpty() ? 0 : interpreters.ident(threads.getLast());
        return ident == 0 ? Map.of() : Map.of(ident, MAIN_THREAD);
    }
}
