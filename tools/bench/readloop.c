/*
 * The floor of a sample: one process_vm_readv of a list of ranges, again and again, and nothing else.
 * readloop PID LIST MILLISECONDS: LIST has a line "ADDRESS LENGTH" a range. Prints calls and CPU nanoseconds a call.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>

#define MAX_RANGES 1024

static struct iovec remote[MAX_RANGES];

static double now(clockid_t clock) {
    struct timespec at;
    clock_gettime(clock, &at);
    return at.tv_sec * 1e9 + at.tv_nsec;
}

int main(int count, char **arguments) {
    if (count != 4) {
        return 2;
    }
    FILE *list = fopen(arguments[2], "r");
    if (list == NULL) {
        perror(arguments[2]);
        return 1;
    }
    int ranges = 0;
    size_t bytes = 0;
    unsigned long address, length;
    while (ranges < MAX_RANGES && fscanf(list, "%lu %lu", &address, &length) == 2) {
        remote[ranges].iov_base = (void *) address;
        remote[ranges++].iov_len = length;
        bytes += length;
    }
    fclose(list);
    struct iovec local = {malloc(bytes), bytes};
    int pid = atoi(arguments[1]);
    double end = now(CLOCK_MONOTONIC) + atof(arguments[3]) * 1e6;
    double begin = now(CLOCK_THREAD_CPUTIME_ID);
    long calls = 0;
    while (now(CLOCK_MONOTONIC) < end) {
        for (int i = 0; i < 64; i++, calls++) {
            if (process_vm_readv(pid, &local, 1, remote, ranges, 0) != (ssize_t) bytes) {
                perror("process_vm_readv");
                return 1;
            }
        }
    }
    printf("%ld %.1f\n", calls, (now(CLOCK_THREAD_CPUTIME_ID) - begin) / calls);
    return 0;
}
