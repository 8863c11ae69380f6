/* The limit in C: the loops of plain-loop.ts. `limit KIND FOLDER ROWS FEE CASH FIRST_ROW CONFIGS.f64`; see serve.ts. */
#define _POSIX_C_SOURCE 200809L
#include "limit-replay.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double *open_, *high, *low, *close_;
static int rows, first_row;
static double fee, cash;
static int *entries, *exits;
static double *equity; /* NULL where only the end counts */
static int trades;
static double final;

static double *read_column(const char *path, long *count) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  long n = ftell(file) / (long)sizeof(double);
  if (*count < 0 || *count > n) *count = n;
  rewind(file);
  double *values = malloc(*count * sizeof(double));
  if (!values || fread(values, sizeof(double), *count, file) != (size_t)*count) exit(1);
  fclose(file);
  return values;
}

static double *bars(const char *folder, const char *name) {
  char path[8192];
  long count = rows;
  snprintf(path, sizeof path, "%s/%s.f64", folder, name);
  return read_column(path, &count);
}

static void cross(const double *config) {
  const int fast = (int)config[0], slow = (int)config[1];
  double quick = 0, steady = 0, money = cash, qty = 0;
  int want = 0;
  trades = 0;
  for (int i = 0; i < rows; i++) {
    if (want && qty == 0) {
      qty = money / (open_[i] * (1 + fee));
      money -= qty * open_[i] * (1 + fee);
      entries[trades] = i;
    } else if (!want && qty > 0) {
      money += qty * open_[i] * (1 - fee);
      qty = 0;
      exits[trades++] = i;
    }
    const double price = close_[i];
    if (equity) equity[i] = money + qty * price;
    quick += price;
    steady += price;
    if (i >= fast) quick -= close_[i - fast];
    if (i >= slow) steady -= close_[i - slow];
    want = i >= slow - 1 && quick / fast > steady / slow;
  }
  final = money + qty * close_[rows - 1];
}

static void bracket(const double *config) {
  const int fast = (int)config[0], slow = (int)config[1];
  double quick = 0, steady = 0, width = 0, money = cash, qty = 0, share = 0, stop = 0, target = 0;
  int above = 1;
  trades = 0;
  for (int i = 0; i < rows; i++) {
    const double price = close_[i];
    int filled = 0;
    if (share > 0) {
      qty = money * share / (open_[i] * (1 + fee));
      money -= qty * open_[i] * (1 + fee);
      entries[trades] = i;
      share = 0;
      filled = 1;
    }
    if (qty > 0) {
      double out = 0;
      if (open_[i] <= stop || open_[i] >= target) out = open_[i];
      else if (low[i] <= stop) out = stop;
      else if (high[i] >= target) out = target;
      if (out > 0) {
        money += qty * out * (1 - fee);
        qty = 0;
        exits[trades++] = i;
        filled = 1;
      }
    }
    equity[i] = money + qty * price;
    quick += price;
    steady += price;
    if (i >= fast) quick -= close_[i - fast];
    if (i >= slow) steady -= close_[i - slow];
    if (i > 0) {
      const double before = close_[i - 1];
      const double range = fmax(high[i], before) - fmin(low[i], before);
      width += (i <= 14 ? range : range - width) / 14;
    }
    if (i < first_row) continue;
    const int up = quick / fast > steady / slow;
    if (up && !above && !filled && qty == 0) {
      share = fmin(1, 0.001 * price / (2 * width));
      stop = price - 2 * width;
      target = price + 3 * width;
    }
    above = up;
  }
  final = money + qty * close_[rows - 1];
}

static void cells(const double *config) {
  double money = cash, qty = 0;
  trades = 0;
  for (int i = 1; i < rows; i++) {
    if (qty == 0) {
      qty = config[0];
      money -= qty * open_[i] * (1 + fee);
      entries[trades] = i;
    } else {
      money += qty * open_[i] * (1 - fee);
      qty = 0;
      exits[trades++] = i;
    }
  }
  final = money + qty * close_[rows - 1];
}

/* Indicators: `lines` are what they write; see plain-indicators.ts. */
static double *lines[3];

static void sma20(void) {
  double sum = 0;
  for (int i = 0; i < rows; i++) {
    sum += close_[i];
    if (i >= 20) sum -= close_[i - 20];
    lines[0][i] = sum * (1.0 / 20);
  }
}

static void rsi14(void) {
  double up = 0, down = 0;
  for (int i = 1; i < rows; i++) {
    const double step = close_[i] - close_[i - 1], size = fabs(step);
    up += ((size + step) / 2 - up) * (1.0 / 14);
    down += ((size - step) / 2 - down) * (1.0 / 14);
    lines[0][i] = 100 * up / (up + down);
  }
}

static void macd(void) {
  double fast = close_[0], slow = close_[0], smooth = 0;
  for (int i = 0; i < rows; i++) {
    fast += (close_[i] - fast) * (2.0 / 13);
    slow += (close_[i] - slow) * (2.0 / 27);
    const double line = fast - slow;
    smooth += (line - smooth) * (2.0 / 10);
    lines[0][i] = line;
    lines[1][i] = smooth;
    lines[2][i] = line - smooth;
  }
}

static void bollinger(void) {
  double sum = 0, squares = 0;
  for (int i = 0; i < rows; i++) {
    const double price = close_[i];
    sum += price;
    squares += price * price;
    if (i >= 20) {
      const double gone = close_[i - 20];
      sum -= gone;
      squares -= gone * gone;
    }
    const double mean = sum * (1.0 / 20), width = 2 * sqrt(fabs(squares * (1.0 / 20) - mean * mean));
    lines[0][i] = mean;
    lines[1][i] = mean + width;
    lines[2][i] = mean - width;
  }
}

static void atr14(void) {
  double mean = 0;
  for (int i = 1; i < rows; i++) {
    const double before = close_[i - 1];
    const double top = before > high[i] ? before : high[i], bottom = before < low[i] ? before : low[i];
    mean += (top - bottom - mean) * (1.0 / 14);
    lines[0][i] = mean;
  }
}

static const struct {
  const char *name;
  void (*loop)(void);
  int lines;
} indicators[] = {{"sma20", sma20, 1},
                  {"rsi14", rsi14, 1},
                  {"macd", macd, 3},
                  {"bollinger", bollinger, 3},
                  {"atr14", atr14, 1}};

static FILE *create(const char *folder, const char *name) {
  char path[8192];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (!file) {
    perror(path);
    exit(1);
  }
  return file;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

static const char *folder_of_columns;

static const void *raw_column(const char *name) {
  char path[8192];
  snprintf(path, sizeof path, "%s/%s", folder_of_columns, name);
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  const long bytes = ftell(file);
  rewind(file);
  void *values = malloc(bytes);
  if (!values || fread(values, 1, bytes, file) != (size_t)bytes) exit(1);
  fclose(file);
  return values;
}

static const double *configs;
static int replays;
static int count, width;
static void (*strategy)(const double *);
static void (*indicator)(void);
static int line_count;

static void run(void) {
  if (replays) replay();
  if (indicator) indicator();
  for (int c = 0; c < count; c++) strategy(configs + c * width);
}

static void prove(const char *folder) {
  FILE *kept = create(folder, "rows.i32"), *values = create(folder, "values.f64");
  if (replays) replay_prove(kept, values);
  if (indicator) indicator();
  for (int l = 0; l < line_count; l++) {
    fwrite(lines[l] + first_row, sizeof(double), rows - first_row, values);
  }
  for (int c = 0; c < count; c++) {
    strategy(configs + c * width);
    for (int i = 0; i < trades; i++) {
      const int trade[3] = {c, entries[i], exits[i]};
      fwrite(trade, sizeof trade, 1, kept);
    }
    fwrite(&final, sizeof final, 1, values);
  }
  fclose(kept);
  fclose(values);
}

int main(int argc, char **argv) {
  if (argc != 8) return 2;
  const int is_cells = !strcmp(argv[1], "cells"), is_bracket = !strcmp(argv[1], "bracket");
  strategy = is_cells ? cells : is_bracket ? bracket : cross;
  rows = atoi(argv[3]);
  fee = atof(argv[4]);
  cash = atof(argv[5]);
  first_row = atoi(argv[6]);
  replays = !strcmp(argv[1], "quotes");
  if (replays) {
    long numbers = -1;
    folder_of_columns = argv[2];
    replay_load(rows, fee, read_column(argv[7], &numbers), raw_column);
  } else {
    open_ = bars(argv[2], "open");
    high = bars(argv[2], "high");
    low = bars(argv[2], "low");
    close_ = bars(argv[2], "close");
  }
  for (size_t i = 0; i < sizeof indicators / sizeof *indicators; i++) {
    if (strcmp(argv[1], indicators[i].name)) continue;
    indicator = indicators[i].loop;
    line_count = indicators[i].lines;
    for (int l = 0; l < line_count; l++) lines[l] = calloc(rows, sizeof(double));
  }
  if (!indicator && !replays) {
    long numbers = -1;
    configs = read_column(argv[7], &numbers);
    width = is_cells ? 1 : 2;
    count = (int)(numbers / width);
  }
  entries = malloc(rows * sizeof(int));
  exits = malloc(rows * sizeof(int));
  equity = count == 1 ? malloc(rows * sizeof(double)) : NULL;

  printf("=> {\"version\": \"C\"}\n");
  fflush(stdout);
  char line[4096];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    if (!strncmp(line, "prove ", 6)) {
      prove(line + 6);
      printf("=> {}\n");
    } else {
      const double started = seconds();
      run();
      printf("=> {\"seconds\": %.9f}\n", seconds() - started);
    }
    fflush(stdout);
  }
  return 0;
}
