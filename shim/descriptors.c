#include "descriptors.h"

#include "sys.h"

#include <unistd.h>

static void sort(int *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j && numbers[j - 1] > numbers[j]; j--) {
			const int larger = numbers[j - 1];
			numbers[j - 1] = numbers[j];
			numbers[j] = larger;
		}
}

int close_all_but(unsigned from, int *keep, size_t count)
{
	sort(keep, count);
	for (size_t i = 0; i < count; i++) {
		if (keep[i] < (int)from)
			continue;
		if ((unsigned)keep[i] > from && sys_close_range(from, (unsigned)keep[i] - 1, 0) < 0)
			return -1;
		from = (unsigned)keep[i] + 1;
	}
	return sys_close_range(from, ~0u, 0);
}

void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
