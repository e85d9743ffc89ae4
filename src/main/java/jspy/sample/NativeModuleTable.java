package jspy.sample;

import jspy.unwind.NativeModule;
import jspy.unwind.NativeModules;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Numbers for the executable memory of a process: the sampler sends them, the drain finds the
 * module by its number, though it may be gone by then.
 *
 * <p>The sampler thread alone writes. A number reaches the drain through the ring, whose commit
 * releases what was stored here before it.
 */
final class NativeModuleTable {
    private final Map<NativeModule, Integer> known = new HashMap<>();
    private NativeModule[] modules = new NativeModule[64];
    private int count;

    private NativeModules current;
    private int[] numbers = new int[64]; // by index in the current ones

    /** Sampler: these are mapped now. Allocates when they are others than before. */
    void use(NativeModules mapped) {
        if (mapped == current) {
            return;
        }
        if (numbers.length < mapped.count()) {
            numbers = new int[mapped.count() * 2];
        }
        for (int i = 0; i < mapped.count(); i++) {
            numbers[i] = number(mapped.get(i));
        }
        current = mapped;
    }

    /** Sampler: the number of one of the current modules. */
    int numberOf(int index) {
        return numbers[index];
    }

    /** Sampler: where one of the current modules begins. */
    long start(int index) {
        return current.get(index).start();
    }

    /** Drain: the module of a number that came through the ring. */
    NativeModule module(int number) {
        return modules[number];
    }

    // internals

    private int number(NativeModule module) {
        Integer number = known.get(module);
        if (number != null) {
            return number;
        }
        if (count == modules.length) {
            modules = Arrays.copyOf(modules, count * 2);
        }
        modules[count] = module;
        known.put(module, count);
        return count++;
    }
}
