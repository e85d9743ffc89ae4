package jspy.top;

import java.util.List;

/** The page of keys, for a terminal of 60 by 12. */
final class Help {
    static final List<String> LINES =
            """
            Keys                           (any key leaves this page)
              q Ctrl-C  quit               p  pause, go on
              1 2 3 4   sort by a column   s  by the next one
              L         lines, functions   R  reset the sums
              up down PgUp PgDn Home End   choose a row
              Enter     callers, callees   Esc  back
              t T       next, last thread  d  write a profile (SVG)
              /         filter by regex    c  clear the filter
              + -       longer, shorter    ?  this page
            %Own: a frame on top; %Total: anywhere on the stack. Both
            are of the last period, times since the start. 100% is the
            period, or what all threads used if that is more.
            """
                    .lines()
                    .toList();

    private Help() {}
}
