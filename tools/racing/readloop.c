/* One process_vm_readv of a given list of ranges again and again: the floor under a sample that reads the same.
   readloop PID CORE SECONDS < LIST, a line "ADDRESS LENGTH" (hex, decimal) for each range. Prints reads and their CPU time in
   nanoseconds a read. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>

enum { MOST_RANGES = 1024 };

static double now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double) time.tv_sec + (double) time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 4) {
        return 2;
    }
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(atoi(arguments[2]), &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0) {
        perror("sched_setaffinity");
        return 1;
    }
    struct iovec remote[MOST_RANGES], local[MOST_RANGES];
    int ranges = 0;
    unsigned long address, length;
    while (ranges < MOST_RANGES && scanf("%lx %lu", &address, &length) == 2) {
        remote[ranges] = (struct iovec) {(void *) address, length};
        local[ranges++] = (struct iovec) {malloc(length), length};
    }
    pid_t pid = atoi(arguments[1]);
    double end = now(CLOCK_MONOTONIC) + atof(arguments[3]);
    double began = now(CLOCK_THREAD_CPUTIME_ID);
    long reads = 0;
    while (now(CLOCK_MONOTONIC) < end) {
        if (process_vm_readv(pid, local, ranges, remote, ranges, 0) < 0) {
            perror("process_vm_readv");
            return 1;
        }
        reads++;
    }
    printf("%ld %.1f\n", reads, (now(CLOCK_THREAD_CPUTIME_ID) - began) / (double) reads * 1e9);
    return 0;
}
