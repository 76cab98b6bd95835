/*
 * When to water a bed: a plain C function, without RIPE and without JSON. The firmware of a valve that shall decide by
 * itself when there is no network includes this very file (see firmware.c).
 */
#ifndef WATER_H
#define WATER_H

#include <stdbool.h>

struct water_settings {
  double limit_percent;
  long long run_ms;
  long long pause_ms;
};

struct water_memory {
  int runs;
  long long ended_at; /* ms UTC; 0: never */
};

enum water_answer { WATER_RUN, WATER_BUSY, WATER_MOIST, WATER_PAUSE };

/* Until when (ms UTC) nothing is watered after the last run. */
static long long water_pause_end(struct water_settings settings, struct water_memory memory) {
  return memory.ended_at == 0 ? 0 : memory.ended_at + settings.pause_ms;
}

static enum water_answer water_decide(struct water_settings settings, struct water_memory memory, bool is_running,
                                      double moisture_percent, long long now) {
  if (is_running) return WATER_BUSY;
  if (moisture_percent >= settings.limit_percent) return WATER_MOIST;
  return now < water_pause_end(settings, memory) ? WATER_PAUSE : WATER_RUN;
}

#endif
