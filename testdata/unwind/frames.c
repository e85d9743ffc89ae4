/* Functions of all the kinds of frames that compilers make, for the unwind tables of testdata/unwind. */
typedef int vector __attribute__((vector_size(32)));
extern void called(void *);
extern int asked(int);

void leaf_without_frame(void) {}

int calls_once(int a) {
    called(&a);
    return a;
}

int many_registers(int a, int b, int c, int d, int e, int f) {
    int g = asked(a), h = asked(b), i = asked(c), j = asked(d), k = asked(e), l = asked(f);
    return g * h + i * j + k * l + a + b + c + d + e + f;
}

int early_return(int a) {
    if (asked(a)) {
        return asked(a + 1);
    }
    called(&a);
    return asked(a) + a;
}

int large_frame(int a) {
    char room[70000];
    called(room);
    return room[a];
}

int size_known_at_run_time(int a) {
    char *room = __builtin_alloca(a);
    called(room);
    return room[0];
}

int aligned_frame(int a) {
    vector room __attribute__((aligned(64)));
    called(&room);
    return room[a & 7];
}

int aligned_and_of_any_size(int a) {
    vector room __attribute__((aligned(64)));
    char *more = __builtin_alloca(a);
    called(&room);
    called(more);
    return room[a & 7] + more[0];
}

__attribute__((noinline, optimize("no-omit-frame-pointer"))) int with_frame_pointer(int a) {
    called(&a);
    return asked(a);
}
