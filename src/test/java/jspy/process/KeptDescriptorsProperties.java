package jspy.process;

import jspy.os.LinuxKernel;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Assertions;

import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Against a plain map in order of use: the same is kept, the same is closed, and nothing twice. */
class KeptDescriptorsProperties {

    @Property(tries = 500)
    void behavesLikeAMapInOrderOfUse(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int capacity) {
        Set<Integer> open = new HashSet<>();
        KeptDescriptors kept = new KeptDescriptors(closing(open), capacity);
        LinkedHashMap<Integer, Integer> model = new LinkedHashMap<>(16, 0.75f, true);
        Random random = new Random(seed);
        for (int step = 0; step < 400; step++) {
            int key = random.nextInt(60) * 64;
            if (random.nextInt(5) == 0) {
                kept.close(key);
                model.remove(key);
            } else {
                Integer expected = model.get(key);
                Assertions.assertEquals(expected == null ? -1 : expected, kept.find(key));
                if (expected == null) {
                    if (model.size() == capacity) {
                        Map.Entry<Integer, Integer> eldest = model.entrySet().iterator().next();
                        model.remove(eldest.getKey());
                    }
                    open.add(step);
                    kept.keep(key, step);
                    model.put(key, step);
                }
            }
            Assertions.assertEquals(new HashSet<>(model.values()), open);
            Assertions.assertEquals(model.size(), kept.count());
        }
        kept.closeAll();
        Assertions.assertEquals(Set.of(), open);
    }

    // internals

    private static LinuxKernel closing(Set<Integer> open) {
        return (LinuxKernel)
                Proxy.newProxyInstance(
                        LinuxKernel.class.getClassLoader(),
                        new Class<?>[] {LinuxKernel.class},
                        (proxy, method, arguments) -> {
                            Assertions.assertEquals("close", method.getName());
                            Assertions.assertTrue(open.remove(arguments[0]), "closed twice");
                            return 0;
                        });
    }
}
