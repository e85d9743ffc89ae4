package jspy.launcher;

import java.util.ArrayList;
import java.util.List;

/** A Java version as its vendors write it: {@code 1.8.0_402}, {@code 25.0.3}, {@code 26-ea}. */
final class JavaVersion implements Comparable<JavaVersion> {
    private final String text;
    private final List<Integer> numbers;

    private JavaVersion(String text, List<Integer> numbers) {
        this.text = text;
        this.numbers = numbers;
    }

    static JavaVersion running() {
        return parse(System.getProperty("java.version"));
    }

    /** Null where the text does not begin with a number. */
    static JavaVersion parse(String text) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("[-+]", 2)[0].split("[._]")) {
            if (!part.matches("\\d{1,9}")) {
                break;
            }
            numbers.add(Integer.valueOf(part));
        }
        if (numbers.size() > 1 && numbers.get(0) == 1) {
            numbers.remove(0);
        }
        return numbers.isEmpty() ? null : new JavaVersion(text, numbers);
    }

    /** 8, 17, 25. */
    int major() {
        return numbers.get(0);
    }

    @Override
    public int compareTo(JavaVersion other) {
        int common = Math.min(numbers.size(), other.numbers.size());
        for (int i = 0; i < common; i++) {
            int order = numbers.get(i).compareTo(other.numbers.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(numbers.size(), other.numbers.size());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JavaVersion && numbers.equals(((JavaVersion) other).numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
