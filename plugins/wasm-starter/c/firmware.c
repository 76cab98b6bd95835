/*
 * How a firmware uses the same decision: water.h as it is, no RIPE, no JSON. Compile it for your board, or try it here:
 *   cc -Wall -o firmware c/firmware.c && ./firmware
 */
#include <stdio.h>

#include "water.h"

int main(void) {
  const struct water_settings settings = {.limit_percent = 30, .run_ms = 60000, .pause_ms = 3600000};
  const struct water_memory memory = {.runs = 0, .ended_at = 0};
  for (int moisture = 20; moisture <= 40; moisture += 10) {
    const bool runs = water_decide(settings, memory, false, moisture, 0) == WATER_RUN;
    printf("%d %%: valve %s\n", moisture, runs ? "on" : "off");
  }
  return 0;
}
