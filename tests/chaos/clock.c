/* A clock that jumps: LD_PRELOAD for the processes of a registry under test.
 * Wall clocks are shifted by nanoseconds read at each call from the file MPS_TEST_CLOCK: four numbers, of which each
 * process has one by its id, so that processes also differ from one another. Steady clocks are left alone. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offsets;

static int64_t offset(void) {
    if (!offsets) {
        const char *path = getenv("MPS_TEST_CLOCK");
        int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
        if (file < 0) return 0;
        void *map = mmap(NULL, 4 * sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
        close(file);
        if (map == MAP_FAILED) return 0;
        offsets = map;
    }
    return offsets[getpid() % 4];
}

int clock_gettime(clockid_t which, struct timespec *out) {
    int failed = syscall(SYS_clock_gettime, which, out);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        int64_t now = out->tv_sec * 1000000000LL + out->tv_nsec + offset();
        out->tv_sec = now / 1000000000LL;
        out->tv_nsec = now % 1000000000LL;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
