#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

/* Microseconds since some moment before; never back (CLOCK_MONOTONIC). */
uint64_t clock_us(void);

enum { CLOCK_TEXT = 40 };

/* Now, RFC 3339 in UTC, with so many DIGITS (1 to 9) of a second's fraction. */
void clock_utc(char text[CLOCK_TEXT], int digits);

#endif
