package jspy.sample;

import jspy.memory.ReadList;
import jspy.python.GilWords;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;

import java.util.Arrays;
import java.util.List;

/**
 * The interpreters of a process with the words of their GILs, read before the stacks and after
 * them. One sampler thread; no allocation.
 */
final class DomainWords {
    private final long[] interpreters;
    private final int[] domainOf; // by interpreter
    private final GilWords[] gils; // by domain; null where there is none
    private final long[] gilAt; // by domain: where the words read last lie

    DomainWords(PythonRuntime runtime, List<GilDomain> domains) {
        gils = new GilWords[domains.size()];
        gilAt = new long[gils.length];
        interpreters =
                domains.stream().flatMapToLong(d -> Arrays.stream(d.interpreters())).toArray();
        domainOf = new int[interpreters.length];
        int next = 0;
        for (int domain = 0; domain < gils.length; domain++) {
            gils[domain] = runtime.freeThreaded() ? null : domains.get(domain).words(runtime);
            int last = next + domains.get(domain).interpreters().length;
            Arrays.fill(domainOf, next, last, domain);
            next = last;
        }
    }

    /** Of all domains; addresses. Not to be changed. */
    long[] interpreters() {
        return interpreters;
    }

    int domains() {
        return gils.length;
    }

    /** The GIL of a domain, or null. */
    GilWords gil(int domain) {
        return gils[domain];
    }

    int domainOf(long interpreter) {
        for (int i = 0; i < interpreters.length; i++) {
            if (interpreters[i] == interpreter) {
                return domainOf[i];
            }
        }
        return 0;
    }

    /** Whether the words taken last say that this thread holds its GIL. */
    boolean isHolder(ThreadStack thread) {
        for (GilWords gil : gils) {
            if (gil != null && gil.isHeld() && gil.lastHolder() == thread.threadState()) {
                return true;
            }
        }
        return false;
    }

    /** Adds the words of every GIL; how many ranges that makes. */
    int addTo(ReadList list) {
        int before = list.count();
        for (int domain = 0; domain < gils.length; domain++) {
            if (gils[domain] != null) {
                gilAt[domain] = gils[domain].addTo(list);
            }
        }
        return list.count() - before;
    }

    /** Where the words added last begin. */
    long position() {
        return gils.length == 0 ? 0 : gilAt[0];
    }

    /** Takes the words that begin there; they lie as those added last do. */
    void take(ReadList list, long position) {
        for (int domain = 0; domain < gils.length; domain++) {
            if (gils[domain] != null) {
                gils[domain].take(list.buffer(), position + gilAt[domain] - gilAt[0]);
            }
        }
    }

    /** Whether the words added last are those that were taken. */
    boolean isSame(ReadList list, int domain) {
        return gils[domain].same(list.buffer(), gilAt[domain]);
    }
}
