package jspy.demangle;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.util.List;

/** Whatever a name is, something comes back, soon, and not without end. */
class DemanglerProperties {
    private static final int MAX_LENGTH = 1 << 17;

    private static final List<String> REAL =
            List.of(
                    "_ZNSt6vectorIiSaIiEE17_M_realloc_insertIJRKiEEEvN9__gnu_cxx17__normal_iteratorI"
                        + "PiS1_EEDpOT_",
                    "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_createERmm",
                    "_ZZN8pybind1112cpp_function10initializeIZNS_6detail8initimpl11constructorIJEE7"
                        + "executeINS_6class_I5HighsJEEEJELi0EEEvRT_DpRKT0_EUlRNS2_16value_and_"
                        + "holderEE_vJSH_EJNS_4nameENS_9is_methodEEEEvOSA_PFT0_DpT1_EDpRKT2_ENUl"
                        + "RNS2_13function_callEE_4_FUNESX_",
                    "_ZN1AcvT_IiEEv",
                    "_Z1fIiEDTcl1gspfp_EEDpT_",
                    "_RINvMNtNtCs9k3SxhrAWiO_3std4sync9once_lockINtB3_8OnceLockINtNtCs7MpWdNTwp7n_4"
                        + "pyo38instance2PyNtNtNtBY_5types3any5PyAnyEE10initializeNCINvB2_11get_"
                        + "or_initNCNvB2_10try_insert0E0zECsi1HTDsDXWYj_17cryptography_rust",
                    "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$3fmt17h012345678"
                        + "9abcdefE");

    @Property(tries = 20_000)
    void randomLettersOfTheGrammar(@ForAll("grammar") String rest) {
        check("_Z" + rest);
        check("_ZN" + rest + "E");
        check("_R" + rest);
    }

    @Property(tries = 20_000)
    void damagedRealNames(
            @ForAll("real") String real, @ForAll int where, @ForAll("grammar") String patch) {
        int at = 2 + Math.floorMod(where, real.length() - 2);
        int end = Math.min(real.length(), at + Math.floorMod(where >>> 16, 8));
        check(real.substring(0, at) + patch + real.substring(end));
        check(real.substring(0, at));
        check(real.substring(0, end) + real.substring(at));
    }

    @Provide
    Arbitrary<String> grammar() {
        return Arbitraries.strings()
                .withChars("_0123456789NSTIEZLXJDPRKFAMCUBlwvicstdfpraoenmRxyhkGYVQHO$u.")
                .ofMinLength(0)
                .ofMaxLength(60);
    }

    @Provide
    Arbitrary<String> real() {
        return Arbitraries.of(REAL);
    }

    private static void check(String symbol) {
        long began = System.nanoTime();
        String name = Demangler.demangle(symbol);
        assertNotNull(name);
        assertTrue(name.length() <= MAX_LENGTH, symbol);
        assertTrue(System.nanoTime() - began < 5_000_000_000L, symbol);
    }
}
