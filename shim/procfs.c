#include "procfs.h"

#include "sys.h"
#include "text.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

int proc_open(void)
{
	struct statfs fs;
	struct stat st;
	int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &fs) == 0 && fstat(fd, &st) == 0 && fs.f_type == PROC_SUPER_MAGIC &&
	    st.st_ino == 1 /* PROC_ROOT_INO */)
		return fd;
	close(fd);
	return errno = EXDEV, -1;
}

int proc_write(int proc, const char *path, const char *text)
{
	size_t length = strlen(text);
	int fd = sys_openat2(proc, path, O_WRONLY, 0, RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS);
	if (fd < 0)
		return -1;
	ssize_t n = write(fd, text, length);
	int error = n < 0 ? errno : EIO;
	close(fd);
	return n == (ssize_t)length ? 0 : (errno = error, -1);
}

/* As proc_pid_stat(5) counts: the name, which may hold anything, ends with the last parenthesis and is field 2. */
unsigned long long proc_start_time(pid_t pid)
{
	char path[32], text[1024];
	text_format(path, sizeof(path), "/proc/%d/stat", (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	char *at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	uint64_t time;
	return at && text_number(at + 1, &time) ? time : 0;
}
