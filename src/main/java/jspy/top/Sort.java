package jspy.top;

import java.util.Comparator;

/** By what the rows are ordered, the largest first; in the order of the keys 1 to 4. */
enum Sort {
    OWN_SHARE("own share", Comparator.comparingLong(Row::ownPeriod)),
    TOTAL_SHARE("total share", Comparator.comparingLong(Row::totalPeriod)),
    OWN_TIME("own time", Comparator.comparingLong(Row::own)),
    TOTAL_TIME("total time", Comparator.comparingLong(Row::total));

    final String title;
    final Comparator<Row> order;

    Sort(String title, Comparator<Row> ascending) {
        this.title = title;
        order =
                ascending
                        .thenComparingLong(Row::own)
                        .thenComparingLong(Row::total)
                        .reversed()
                        .thenComparingInt(Row::id);
    }

    Sort next() {
        return values()[(ordinal() + 1) % values().length];
    }
}
