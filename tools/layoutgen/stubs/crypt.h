/* Python.h of 2.7 to 3.8 includes it; a cross compiler may not have it, and no struct needs it. */
