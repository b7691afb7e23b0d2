#include "seal.h"

#include "sys.h"

#include <errno.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

static int new_memfd(void)
{
	int fd = memfd_create("mc-init", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
	/* Before Linux 6.3 every memfd is executable, and the flag unknown. */
	return fd < 0 && errno == EINVAL ? memfd_create("mc-init", MFD_CLOEXEC | MFD_ALLOW_SEALING) : fd;
}

/* Mapped at once and written at once: sendfile(2) goes by sixteen pages at a time. */
static int copy(int from, int to)
{
	struct stat st;
	if (fstat(from, &st) < 0)
		return -1;
	size_t size = (size_t)st.st_size;
	char *image = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, from, 0);
	if (image == MAP_FAILED)
		return -1;
	for (size_t done = 0; done < size;) {
		ssize_t n = write(to, image + done, size - done);
		if (n <= 0)
			return n < 0 ? -1 : (errno = EIO, -1);
		done += (size_t)n;
	}
	/* The mapping goes with this image of the process. */
	return fcntl(to, F_ADD_SEALS, SEALS);
}

int seal_self(char *const argv[])
{
	extern char **environ;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (self < 0)
		return -1;
	if (fcntl(self, F_GET_SEALS) == SEALS) {
		close(self);
		return 0;
	}
	int sealed = new_memfd();
	if (sealed < 0 || copy(self, sealed) < 0)
		return -1;
	return sys_execveat(sealed, argv, environ);
}
