/* A timer that wakes up and does nothing else: what any sampler costs the program on the same core at the least.
   wake CORE HZ, until it is ended. Timer slack 1 ns, absolute times. Prints how often it woke. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

static volatile sig_atomic_t ended;

static void end(int signal) { ended = signal; }

int main(int count, char **arguments) {
    if (count != 3) {
        return 2;
    }
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(atoi(arguments[1]), &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0) {
        perror("sched_setaffinity");
        return 1;
    }
    prctl(PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L);
    struct sigaction action = {.sa_handler = end};
    sigaction(SIGINT, &action, NULL);
    long interval = (long) (1e9 / atof(arguments[2]));
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    struct timespec began = next;
    long woke = 0;
    while (!ended) {
        next.tv_nsec += interval;
        while (next.tv_nsec >= 1000000000L) {
            next.tv_nsec -= 1000000000L;
            next.tv_sec++;
        }
        if (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == 0) {
            woke++;
        }
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (double) (now.tv_sec - began.tv_sec) + (double) (now.tv_nsec - began.tv_nsec) / 1e9;
    printf("%ld %.6f\n", woke, seconds);
    return 0;
}
