/* Shifts CLOCK_REALTIME by the nanoseconds in a file; monotonic clocks and sleeps stay real.
   gcc -O2 -shared -fPIC -o clockshim.so clockshim.c
   LD_PRELOAD=clockshim.so CLOCKSHIM_FILE=offset.bin PROGRAM; offset.bin holds one int64. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *shift;
static int tried;

static int64_t offset(void) {
  const char *name;
  void *found;
  int file;
  if (!shift && !tried) {
    tried = 1;
    name = getenv("CLOCKSHIM_FILE");
    file = name ? open(name, O_RDONLY) : -1;
    if (file >= 0) {
      found = mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
      close(file);
      if (found != MAP_FAILED) shift = found;
    }
  }
  return shift ? *shift : 0;
}

int clock_gettime(clockid_t which, struct timespec *at) {
  int failed = syscall(SYS_clock_gettime, which, at);
  if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
    int64_t now = (int64_t)at->tv_sec * 1000000000 + at->tv_nsec + offset();
    at->tv_sec = now / 1000000000;
    at->tv_nsec = now % 1000000000;
  }
  return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  struct timespec now;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &now);
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (at) *at = now.tv_sec;
  return now.tv_sec;
}
