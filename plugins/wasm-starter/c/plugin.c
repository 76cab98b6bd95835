/* The agent type WaterInC: it hands what RIPE asks to water.h, and writes what that decides as RIPE wants it. */
#include "ripe.h"
#include "water.h"

static void ripe_on_describe(void) {
  ripe_write("{'name':'WaterInC','version':'1.0.0','apiVersion':1,'neutral':0,'limits':{'longestRunMs':3600000},");
  ripe_write("'settings':{"
             "'limit':{'kind':'intSlider','key':'01_limit','label':{'en':'Water below','de':'Gießen unter'},"
             "'unit':'%%','lower':0,'upper':100,'default':30},"
             "'runMs':{'kind':'timeSlider','key':'02_run_ms','label':{'en':'For','de':'Dauer'},"
             "'unit':'ms','lower':10000,'upper':610000,'steps':60,'default':60000},"
             "'pauseMs':{'kind':'timeSlider','key':'03_pause_ms','label':{'en':'Pause','de':'Pause'},"
             "'unit':'ms','lower':0,'upper':86400000,'steps':96,'default':3600000}},");
  ripe_write("'explanations':{'en':{"
             "'ready':'Waits for a reading.','unknown':'The reading holds no moisture.',"
             "'dry':'{moisture} %% is below {limit} %%.','moist':'{moisture} %% is moist enough.',"
             "'busy':'Water runs already.','pause':'Pauses for another {seconds} s.',"
             "'byHand':'Switched on by hand for {seconds} s.','offByHand':'Switched off by hand.',"
             "'ended':'The run is over.'},");
  ripe_write("'de':{"
             "'ready':'Wartet auf einen Messwert.','unknown':'Die Messung enthält keine Feuchte.',"
             "'dry':'{moisture} %% liegt unter {limit} %%.','moist':'{moisture} %% ist feucht genug.',"
             "'busy':'Es läuft schon Wasser.','pause':'Pausiert noch {seconds} s.',"
             "'byHand':'Von Hand für {seconds} s eingeschaltet.','offByHand':'Von Hand ausgeschaltet.',"
             "'ended':'Der Lauf ist zu Ende.'}}}");
}

static struct water_settings settings_of(ripe_json view) {
  const ripe_json settings = ripe_member(view, "settings");
  return (struct water_settings){
      .limit_percent = ripe_number(ripe_member(settings, "limit"), 30),
      .run_ms = ripe_whole(ripe_member(settings, "runMs"), 60000),
      .pause_ms = ripe_whole(ripe_member(settings, "pauseMs"), 3600000),
  };
}

static struct water_memory memory_of(ripe_json view) {
  const ripe_json state = ripe_member(view, "state");
  return (struct water_memory){
      .runs = (int)ripe_whole(ripe_member(state, "runs"), 0),
      .ended_at = ripe_whole(ripe_member(state, "endedAt"), 0),
  };
}

static void write_state(struct water_memory memory) {
  ripe_write("'state':{'runs':%d,'endedAt':%lld},", memory.runs, memory.ended_at);
}

static void write_because(const char *code) { ripe_write("'because':{'code':'%s'}}", code); }

static void write_seconds(const char *code, long long ms) {
  ripe_write("'because':{'code':'%s','params':{'seconds':%lld}}}", code, (ms + 999) / 1000);
}

static void write_run(struct water_memory memory, long long run_ms) {
  memory.runs++;
  ripe_write("{'job':{'steps':[{'set':1},{'wait':%lld},{'set':0}]},", run_ms);
  write_state(memory);
}

static void on_reading(ripe_json event, ripe_json view) {
  const ripe_json moisture = ripe_member(ripe_member(event, "reading"), "moisture");
  if (!ripe_has(moisture)) {
    ripe_write("{");
    write_because("unknown");
    return;
  }
  const struct water_settings settings = settings_of(view);
  const struct water_memory memory = memory_of(view);
  const double percent = ripe_number(moisture, 100);
  const long long now = ripe_whole(ripe_member(view, "now"), 0);
  switch (water_decide(settings, memory, ripe_has(ripe_member(view, "job")), percent, now)) {
    case WATER_RUN:
      write_run(memory, settings.run_ms);
      ripe_write("'because':{'code':'dry','params':{'moisture':%f,'limit':%f}}}", percent, settings.limit_percent);
      break;
    case WATER_BUSY:
      ripe_write("{");
      write_because("busy");
      break;
    case WATER_MOIST:
      ripe_write("{'because':{'code':'moist','params':{'moisture':%f}}}", percent);
      break;
    case WATER_PAUSE:
      ripe_write("{");
      write_seconds("pause", water_pause_end(settings, memory) - now);
      break;
  }
}

/* The app's buttons: so many seconds on, or off. */
static void on_command(ripe_json event, ripe_json view) {
  const long long seconds = ripe_whole(ripe_member(event, "payload"), 0);
  if (seconds > 0) {
    write_run(memory_of(view), seconds * 1000);
    write_seconds("byHand", seconds * 1000);
  } else {
    ripe_write(ripe_has(ripe_member(view, "job")) ? "{'job':'cancel'," : "{");
    write_because("offByHand");
  }
}

static void on_job_ended(ripe_json event, ripe_json view) {
  struct water_memory memory = memory_of(view);
  memory.ended_at = ripe_whole(ripe_member(ripe_member(event, "job"), "endedAt"), 0);
  ripe_write("{");
  write_state(memory);
  write_because("ended");
}

static void ripe_on_start(ripe_json settings) {
  (void)settings;
  ripe_write("{'runs':0,'endedAt':0}");
}

static void ripe_on_decide(ripe_json event, ripe_json view) {
  const ripe_json type = ripe_member(event, "type");
  if (ripe_is(type, "reading")) on_reading(event, view);
  else if (ripe_is(type, "forced")) on_command(event, view);
  else if (ripe_is(type, "jobEnded")) on_job_ended(event, view);
  else ripe_write("{'because':{'code':'ready'}}");
}

static void ripe_on_render(ripe_json view) {
  const ripe_json ends_at = ripe_member(ripe_member(view, "job"), "endsAt");
  const bool is_german = ripe_is(ripe_member(view, "locale"), "de");
  ripe_write("{'decorator':{'TimePane':30},");
  if (ripe_has(ends_at)) ripe_write("'state':{'Executing':%lld},", ripe_whole(ends_at, 0));
  else ripe_write("'state':'Ready',");
  ripe_write(is_german ? "'rendered':'gießt unter %f %% · Läufe: %d'}" : "'rendered':'waters below %f %% · runs: %d'}",
             settings_of(view).limit_percent, memory_of(view).runs);
}
