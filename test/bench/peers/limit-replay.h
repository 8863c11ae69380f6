#include <stdio.h>

/** `column` gives the raw file of a name; `config` is that of `quotes` in work.ts. */
void replay_load(int rows, double fee, const double *config, const void *(*column)(const char *));
void replay(void);
void replay_prove(FILE *rows, FILE *values);
