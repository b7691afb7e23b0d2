#include "clock.h"

#include "sys.h"
#include "text.h"

uint64_t clock_us(void)
{
	struct timespec t;
	sys_clock(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Years that begin in March have their leap day last; 400 of them are always 146097 days, 719468 of year 0 to 1970. */
static void put_date(char text[CLOCK_TEXT], unsigned days)
{
	const unsigned since = days + 719468, era = since / 146097, day = since % 146097;
	const unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	const unsigned day_of_year = day - (365 * year + year / 4 - year / 100), month = (5 * day_of_year + 2) / 153;
	text_format(text, CLOCK_TEXT, "%04u-%02u-%02uT", year + era * 400 + (month >= 10),
		    month < 10 ? month + 3 : month - 9, day_of_year - (153 * month + 2) / 5 + 1);
}

void clock_utc(char text[CLOCK_TEXT], int digits)
{
	enum { DATE = 11, DAY = 24 * 60 * 60 };
	struct timespec now;
	char fraction[16];
	sys_clock(CLOCK_REALTIME, &now);
	const unsigned second = (unsigned)(now.tv_sec % DAY);
	put_date(text, (unsigned)(now.tv_sec / DAY));
	text_format(fraction, sizeof(fraction), "%09ld", now.tv_nsec);
	text_format(text + DATE, CLOCK_TEXT - DATE, "%02u:%02u:%02u.%.*sZ", second / 3600, second / 60 % 60,
		    second % 60, digits, fraction);
}
