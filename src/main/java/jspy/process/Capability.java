package jspy.process;

/**
 * Something that an operating system or a target can do for jspy, and how; or cannot, why, and what
 * would help.
 */
public sealed interface Capability {

    /**
     * @param how in words for the profile's metadata: {@code __rseq_offset of ld-linux-x86-64.so.2}
     */
    record Yes(String how) implements Capability {}

    /**
     * @param reason why not, as half a sentence
     * @param remedy the command or the change that helps; empty when nothing does
     */
    record No(String reason, String remedy) implements Capability {}

    default boolean isAvailable() {
        return this instanceof Yes;
    }

    /** One line for people. */
    default String describe() {
        return switch (this) {
            case Yes yes -> "yes: " + yes.how();
            case No no ->
                    no.remedy().isEmpty()
                            ? "no: " + no.reason()
                            : "no: %s; %s".formatted(no.reason(), no.remedy());
        };
    }
}
