/*
 * Asks a C compiler where CPython's fields are. probe.py replaces the last line by one constant a
 * field and reads the values from the assembly; nothing of this is ever run, so any target can be
 * asked.
 */
#define Py_BUILD_CORE 1
#include "pyconfig.h"
/* 3.6 to 3.12 hold atomics in their structs; without <stdatomic.h> they are plain words. */
#undef HAVE_STD_ATOMIC
#include <stddef.h>
#include "Python.h"
#include "frameobject.h"

#if PY_VERSION_HEX < 0x03000000
#include "code.h"
#include "genobject.h"
#endif
#if __has_include("longintrepr.h")
#include "longintrepr.h"
#endif

#if __has_include("internal/pycore_object.h")
#include "internal/pycore_object.h"
#endif
#if __has_include("internal/pystate.h")
#include "internal/pystate.h"
#endif
#if __has_include("internal/pycore_pystate.h")
#include "internal/pycore_pystate.h"
#endif
#if __has_include("internal/pycore_runtime.h")
#include "internal/pycore_runtime.h"
#endif
#if __has_include("internal/pycore_interp.h")
#include "internal/pycore_interp.h"
#endif
#if __has_include("internal/pycore_gil.h")
#include "internal/pycore_gil.h"
#endif
#if __has_include("internal/pycore_gc.h")
#include "internal/pycore_gc.h"
#endif
#if __has_include("internal/pycore_code.h")
#include "internal/pycore_code.h"
#endif
#if __has_include("internal/pycore_frame.h")
#include "internal/pycore_frame.h"
#endif
#if __has_include("internal/pycore_interpframe.h")
#include "internal/pycore_interpframe.h"
#endif
#if __has_include("internal/pycore_stackref.h")
#include "internal/pycore_stackref.h"
#endif
#if __has_include("internal/pycore_tstate.h")
#include "internal/pycore_tstate.h"
#endif
#if __has_include("internal/pycore_dict.h")
#include "internal/pycore_dict.h"
#endif
#if __has_include("internal/pycore_long.h")
#include "internal/pycore_long.h"
#endif
#if __has_include("internal/pycore_genobject.h")
#include "internal/pycore_genobject.h"
#endif
#if __has_include("internal/pycore_llist.h")
#include "internal/pycore_llist.h"
#endif
#if __has_include("internal/pycore_debug_offsets.h")
#include "internal/pycore_debug_offsets.h"
#endif

@PROBES@
