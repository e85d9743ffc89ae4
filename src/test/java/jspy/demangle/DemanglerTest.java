package jspy.demangle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemanglerTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "_Z3foov | foo()",
                "_ZN3foo3barEi | foo::bar(int)",
                "_ZNK3Foo3getEv | Foo::get() const",
                "_ZN3FooC2ERKS_ | Foo::Foo(Foo const&)",
                "_ZNSsC1EPKcRKSaIcE | std::basic_string<char, std::char_traits<char>,"
                        + " std::allocator<char> >::basic_string(char const*, std::allocator<char>"
                        + " const&)",
                "_Z3maxIiET_S0_S0_ | int max<int>(int, int)",
                "_Z4callPFviE | call(void (*)(int))",
                "_Z4callRA3_i | call(int (&) [3])",
                "_ZlsRSoRK3Foo | operator<<(std::ostream&, Foo const&)",
                "_ZN3FoocvbEv | Foo::operator bool()",
                "_ZZN3Foo3barEvENKUlvE_clEv | Foo::bar()::{lambda()#1}::operator()() const",
                "_ZTV3Foo | vtable for Foo",
                "_ZThn16_N3Foo3barEv | non-virtual thunk to Foo::bar()",
                "_ZN12_GLOBAL__N_13fooEv | (anonymous namespace)::foo()",
                "_Z3foov.cold | foo() [clone .cold]",
                "_Z3foov.isra.0.cold | foo() [clone .isra.0] [clone .cold]",
                "_Z3fwdIRiEvOT_ | void fwd<int&>(int&)",
                "_Z4packIJidEEvDpT_ | void pack<int, double>(int, double)",
                "_Z4packIJEEvDpT_ | void pack<>()",
                "_ZN3std2io5Write9write_all17h0123456789abcdefE | std::io::Write::write_all",
                "_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Debug$GT$"
                        + "3fmt17h0123456789abcdefE"
                        + " | <alloc::string::String as core::fmt::Debug>::fmt",
                "_RNvCs1234_7mycrate3foo | mycrate::foo",
                "_RNvMCs1234_7mycrateNtB2_3Bar3new | <mycrate::Bar>::new",
                "_RNCNvCs1234_7mycrate4main0B3_ | mycrate::main::{closure#0}",
                "_RINvCs1234_7mycrate3fooReE | mycrate::foo::<&str>",
                "__pyx_pw_4spam_1call | spam.call",
                "__pyx_pw_4spam_3Egg_3boil | spam.Egg.boil",
                "__pyx_pf_4spam_5outer_inner | spam.outer.inner",
                "__pyx_f_3pkg_4spam_hard | pkg.spam.hard",
                "__pyx_fuse_0__pyx_pw_4spam_5add | spam.add",
                "_RNvC7mycrateu8gdel_5qa | mycrate::gödel",
            })
    void namesAreThoseOfTheSource(String symbol, String name) {
        assertEquals(name, Demangler.demangle(symbol));
    }

    @ParameterizedTest
    @CsvSource({
        "__pyx_pw_",
        "__pyx_pw_99spam_1f",
        "__pyx_pw_4spam_1",
        "__pyx_pymod_exec_spam",
        "main",
        "_Z",
        "_Zzz",
        "_Z3foo_",
        "_Z99foo",
        "_R",
        "_RNvC",
        "_ZS_",
        "_Z1fT_"
    })
    void whatIsNotUnderstoodStaysAsItIs(String symbol) {
        assertEquals(symbol, Demangler.demangle(symbol));
    }

    @Test
    void aShortNameThatStandsForAnEndlessOneStaysAsItIs() {
        StringBuilder symbol = new StringBuilder("_Z1fI1AEv1BIS0_S0_E");
        for (int i = 0; i < 40; i++) {
            String last =
                    "S" + Integer.toString(i + 2, 36).toUpperCase(java.util.Locale.ROOT) + "_";
            symbol.append("S1_I").append(last).append(last).append("E");
        }
        assertEquals(symbol.toString(), Demangler.demangle(symbol.toString()));
    }

    @Test
    void nestingWithoutEndStaysAsItIs() {
        for (String deep :
                new String[] {
                    "_Z1f" + "P".repeat(30000), "_Z" + "Z".repeat(30000), "_R" + "NvM".repeat(9000)
                }) {
            assertEquals(deep, Demangler.demangle(deep));
        }
    }
}
