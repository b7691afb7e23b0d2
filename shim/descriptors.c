#include "descriptors.h"

#include "sys.h"

#include <stdlib.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

int close_all_but(int *keep, size_t count)
{
	unsigned from = 3;
	qsort(keep, count, sizeof(*keep), compare);
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
