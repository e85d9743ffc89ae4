package jspy.output;

import jspy.profile.Profile;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

import java.util.List;
import java.util.Set;

/** A profile in which every text is one that a target could have thought of to break a format. */
record HostileProfile(List<List<String>> stacks) {
    Profile profile() {
        return Profiles.of(stacks);
    }

    long samples() {
        return stacks.size();
    }

    /** The deepest stack, its process and its thread counted. */
    int depth() {
        return 2 + stacks.stream().mapToInt(List::size).max().orElse(0);
    }

    /** Found by jqwik as a service. */
    public static final class Provider implements ArbitraryProvider {
        @Override
        public boolean canProvideFor(TypeUsage targetType) {
            return targetType.isOfType(HostileProfile.class);
        }

        @Override
        public Set<Arbitrary<?>> provideFor(TypeUsage targetType, SubtypeProvider subtypeProvider) {
            return Set.of(
                    names().list().ofMaxSize(5).list().ofMaxSize(12).map(HostileProfile::new));
        }

        private static Arbitrary<String> names() {
            Arbitrary<String> pieces =
                    Arbitraries.of(
                            "<",
                            ">",
                            "&",
                            "\"",
                            "'",
                            "]]>",
                            "<!--",
                            "--",
                            "<script>",
                            "</title>",
                            "</style>",
                            "<![CDATA[",
                            "&#0;",
                            ";",
                            " ",
                            "7",
                            " 7",
                            "12.5",
                            "\\",
                            "\n",
                            "\r\n",
                            "\t",
                            "\0",
                            "\u001b[0m",
                            "\u0085",
                            "\u2028",
                            "\u202e",
                            "\u2066",
                            "\ufeff",
                            "\ufffe",
                            "\uffff",
                            "\ud800",
                            "\udfff",
                            "\ud83d\udc0d",
                            "f",
                            "é",
                            "日本",
                            "${x}",
                            "%n",
                            "{",
                            "}");
            Arbitrary<String> built = pieces.list().ofMaxSize(8).map(list -> String.join("", list));
            Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(40);
            Arbitrary<String> huge = pieces.map(piece -> piece.repeat(100_000 / piece.length()));
            return Arbitraries.frequencyOf(
                    Tuple.of(12, built), Tuple.of(6, any), Tuple.of(1, huge));
        }
    }
}
