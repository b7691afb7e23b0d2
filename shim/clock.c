#include "clock.h"

#include <stdio.h>
#include <time.h>

uint64_t clock_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void clock_utc(char text[CLOCK_TEXT], int digits)
{
	struct timespec now;
	struct tm utc;
	char fraction[16];
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	snprintf(fraction, sizeof(fraction), "%09ld", now.tv_nsec);
	snprintf(text, CLOCK_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%.*sZ", utc.tm_year + 1900, utc.tm_mon + 1,
		 utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, digits, fraction);
}
