/*
 * An agent type of RIPE in C: include this header in one file and write the functions that it declares under "Yours".
 * No libc, no heap: input and output have fixed buffers, and what does not fit is refused, never cut.
 * The ABI is version 1; docs/plugins.md of RIPE describes it.
 */
#ifndef RIPE_H
#define RIPE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef RIPE_INPUT_SIZE
#define RIPE_INPUT_SIZE 32768
#endif
#ifndef RIPE_OUTPUT_SIZE
#define RIPE_OUTPUT_SIZE 16384
#endif

/* A JSON value in the input. `at` is NULL where there is none; every function here takes that as "absent". */
typedef struct {
  const char *at;
  const char *end;
} ripe_json;

/* --- Yours ------------------------------------------------------------------------------------------------------- */

/* Each writes its answer with ripe_write: the JSON that the function of the same name returns in JavaScript. */
static void ripe_on_describe(void);
static void ripe_on_start(ripe_json settings);
static void ripe_on_decide(ripe_json event, ripe_json view);
static void ripe_on_render(ripe_json view);
/* Only with RIPE_MIGRATES defined, and "migrates": true in the description. */
static void ripe_on_migrate(ripe_json state, ripe_json from_version);

/* --- Reading ----------------------------------------------------------------------------------------------------- */

static const char *ripe_skip_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  return at;
}

/* Behind the string that begins at `at`, or `end`. */
static const char *ripe_skip_string(const char *at, const char *end) {
  for (at++; at < end && *at != '"'; at++)
    if (*at == '\\') at++;
  return at < end ? at + 1 : end;
}

/* Behind the value that begins at `at`: brackets are counted, so that no depth is too deep. */
static const char *ripe_skip_value(const char *at, const char *end) {
  int depth = 0;
  while (at < end) {
    if (*at == '"') {
      at = ripe_skip_string(at, end);
    } else if (*at == '{' || *at == '[') {
      depth++;
      at++;
    } else if (*at == '}' || *at == ']') {
      if (depth == 0) return at;
      depth--;
      at++;
    } else if (depth == 0 && *at == ',') {
      return at;
    } else {
      at++;
      continue;
    }
    if (depth == 0) return at;
  }
  return end;
}

/* Whether the string at `at` is this text; only for texts without escapes, as the names of members are. */
static bool ripe_same(const char *at, const char *end, const char *text) {
  if (at >= end || *at != '"') return false;
  for (at++; at < end && *text != 0; at++, text++)
    if (*at != *text) return false;
  return *text == 0 && at < end && *at == '"';
}

/* The member of an object. */
static ripe_json ripe_member(ripe_json object, const char *name) {
  const ripe_json absent = {NULL, NULL};
  if (object.at == NULL || object.at >= object.end || *object.at != '{') return absent;
  const char *end = object.end;
  const char *at = object.at + 1;
  while (at < end) {
    at = ripe_skip_space(at, end);
    if (at >= end || *at != '"') return absent;
    const bool is_wanted = ripe_same(at, end, name);
    at = ripe_skip_space(ripe_skip_string(at, end), end);
    if (at >= end || *at != ':') return absent;
    at = ripe_skip_space(at + 1, end);
    const char *behind = ripe_skip_value(at, end);
    if (is_wanted) return (ripe_json){at, behind};
    at = ripe_skip_space(behind, end);
    if (at >= end || *at != ',') return absent;
    at++;
  }
  return absent;
}

/* Whether there is a value, and it is not null. */
static bool ripe_has(ripe_json value) { return value.at != NULL && value.at < value.end && *value.at != 'n'; }

/* Whether the value is this text. */
static bool ripe_is(ripe_json value, const char *text) {
  return value.at != NULL && ripe_same(value.at, value.end, text);
}

static bool ripe_bool(ripe_json value, bool otherwise) {
  if (!ripe_has(value)) return otherwise;
  return *value.at == 't' ? true : *value.at == 'f' ? false : otherwise;
}

static bool ripe_is_digit(char sign) { return sign >= '0' && sign <= '9'; }

/* A number; exact for integers up to 2^53 and for decimals of up to 15 digits, as measured values are. */
static double ripe_number(ripe_json value, double otherwise) {
  const char *at = value.at;
  const char *end = value.end;
  if (at == NULL || at >= end || !(*at == '-' || ripe_is_digit(*at))) return otherwise;
  const bool is_negative = *at == '-';
  if (is_negative) at++;
  double digits = 0;
  int exponent = 0;
  for (; at < end && ripe_is_digit(*at); at++) digits = digits * 10 + (*at - '0');
  if (at < end && *at == '.')
    for (at++; at < end && ripe_is_digit(*at); at++, exponent--) digits = digits * 10 + (*at - '0');
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    const bool is_small = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+')) at++;
    int power = 0;
    for (; at < end && ripe_is_digit(*at); at++)
      if (power < 1000) power = power * 10 + (*at - '0');
    exponent += is_small ? -power : power;
  }
  double scale = 1;
  for (int left = exponent < 0 ? -exponent : exponent; left > 0; left--) scale *= 10;
  const double size = exponent < 0 ? digits / scale : digits * scale;
  return is_negative ? -size : size;
}

/* A time in ms, or another whole number that does not fit an int. */
static long long ripe_whole(ripe_json value, long long otherwise) {
  const double number = ripe_number(value, (double)otherwise);
  return number > -9e15 && number < 9e15 ? (long long)number : otherwise;
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

/* The length (u32, lowest byte first) goes before the text. */
static char ripe_output[4 + RIPE_OUTPUT_SIZE];
static size_t ripe_written;
static bool ripe_is_full;

static void ripe_put(char sign) {
  if (ripe_written < RIPE_OUTPUT_SIZE) ripe_output[4 + ripe_written++] = sign;
  else ripe_is_full = true;
}

/* As the inside of a JSON string. */
static void ripe_put_text(const char *text) {
  static const char hex[] = "0123456789abcdef";
  for (; *text != 0; text++) {
    const unsigned char sign = (unsigned char)*text;
    if (sign == '"' || sign == '\\') {
      ripe_put('\\');
      ripe_put((char)sign);
    } else if (sign < 0x20) {
      for (const char *escape = "\\u00"; *escape != 0; escape++) ripe_put(*escape);
      ripe_put(hex[sign >> 4]);
      ripe_put(hex[sign & 15]);
    } else {
      ripe_put((char)sign);
    }
  }
}

static void ripe_put_whole(unsigned long long size) {
  char digits[20];
  int count = 0;
  do digits[count++] = (char)('0' + size % 10);
  while ((size /= 10) > 0);
  while (count > 0) ripe_put(digits[--count]);
}

static void ripe_put_signed(long long number) {
  if (number < 0) ripe_put('-');
  ripe_put_whole(number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number);
}

/* With at most four decimals, and none that say nothing; what is no number, or beyond 2^53, is null. */
static void ripe_put_number(double number) {
  const double size = number < 0 ? -number : number;
  if (!(size < 9007199254740992.0)) {
    for (const char *null = "null"; *null != 0; null++) ripe_put(*null);
    return;
  }
  unsigned long long whole = (unsigned long long)size;
  int decimals = (int)((size - (double)whole) * 10000 + 0.5);
  if (decimals == 10000) {
    whole++;
    decimals = 0;
  }
  if (number < 0 && (whole > 0 || decimals > 0)) ripe_put('-');
  ripe_put_whole(whole);
  if (decimals == 0) return;
  ripe_put('.');
  for (int place = 1000; decimals > 0; place /= 10) {
    ripe_put((char)('0' + decimals / place));
    decimals %= place;
  }
}

/*
 * Writes JSON like printf: %d int, %lld whole numbers of 64 bits, %f double, %s a text (escaped; the quotes are yours), %%.
 * An apostrophe stands for a quotation mark: ripe_write("{'code':'%s'}", "dry") writes {"code":"dry"}.
 */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
static void ripe_write(const char *format, ...) {
  va_list values;
  va_start(values, format);
  for (; *format != 0; format++) {
    if (*format == '\'') {
      ripe_put('"');
      continue;
    }
    if (*format != '%') {
      ripe_put(*format);
      continue;
    }
    format++;
    if (*format == 'd') {
      ripe_put_signed(va_arg(values, int));
    } else if (format[0] == 'l' && format[1] == 'l' && format[2] == 'd') {
      format += 2;
      ripe_put_signed(va_arg(values, long long));
    } else if (*format == 'f') {
      ripe_put_number(va_arg(values, double));
    } else if (*format == 's') {
      ripe_put_text(va_arg(values, const char *));
    } else if (*format == '%') {
      ripe_put('%');
    } else {
      ripe_is_full = true; /* Not one of these: rather no answer than a wrong one. */
      break;
    }
  }
  va_end(values);
}

/* Writes a value of the input as it is, e.g. a state that is kept. */
static void ripe_write_value(ripe_json value) {
  for (const char *at = value.at; at != NULL && at < value.end; at++) ripe_put(*at);
}

/* --- Speaking with RIPE ------------------------------------------------------------------------------------------ */

#if defined(__wasm__)

#define RIPE_EXPORT(name) __attribute__((export_name(name)))

__attribute__((import_module("ripe"), import_name("log"))) extern void ripe_host_log(const char *text, size_t length);

/* A line for RIPE's log; at most 20 in one call. */
static inline void ripe_log(const char *text) {
  size_t length = 0;
  while (text[length] != 0) length++;
  ripe_host_log(text, length);
}

static char ripe_input[RIPE_INPUT_SIZE];

/* NULL says that there is no answer. */
static void *ripe_answer(void) {
  if (ripe_is_full || ripe_written == 0) return NULL;
  for (int byte = 0; byte < 4; byte++) ripe_output[byte] = (char)(ripe_written >> (8 * byte));
  return ripe_output;
}

static void ripe_begin(void) {
  ripe_written = 0;
  ripe_is_full = false;
}

RIPE_EXPORT("ripe_abi") int ripe_abi(void) { return 1; }

RIPE_EXPORT("ripe_alloc") void *ripe_alloc(size_t length) { return length <= RIPE_INPUT_SIZE ? ripe_input : NULL; }

/* Both buffers are used again by the next call. */
RIPE_EXPORT("ripe_free") void ripe_free(void *pointer) { (void)pointer; }

RIPE_EXPORT("ripe_describe") void *ripe_describe(void) {
  ripe_begin();
  ripe_on_describe();
  return ripe_answer();
}

RIPE_EXPORT("ripe_call") void *ripe_call(const char *text, size_t length) {
  const ripe_json input = {text, text + length};
  const ripe_json fn = ripe_member(input, "fn");
  ripe_begin();
  if (ripe_is(fn, "start")) ripe_on_start(ripe_member(input, "settings"));
  else if (ripe_is(fn, "decide")) ripe_on_decide(ripe_member(input, "event"), ripe_member(input, "view"));
  else if (ripe_is(fn, "render")) ripe_on_render(ripe_member(input, "view"));
#if defined(RIPE_MIGRATES)
  else if (ripe_is(fn, "migrate")) ripe_on_migrate(ripe_member(input, "state"), ripe_member(input, "fromVersion"));
#endif
  return ripe_answer();
}

#endif
#endif
