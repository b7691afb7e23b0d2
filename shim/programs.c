#include "programs.h"

#include "descriptors.h"
#include "print.h"
#include "signals.h"
#include "sys.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a program that hangs may take of everyone's time. */
enum { PATIENCE_MS = 30000, FILES = 5 };

struct job {
	const struct host_program *program;
	pid_t container, pid;
	int pidfd, said, ready; /* ready: who stays says so here; -1 */
};

/* At their places, whatever lies there now: first all out of the way. */
static bool place_files(const int files[FILES])
{
	int moved[FILES];
	for (int i = 0; i < FILES; i++) {
		moved[i] = files[i] < 0 ? -1 : fcntl(files[i], F_DUPFD, 2 * FILES);
		if (files[i] >= 0 && moved[i] < 0)
			return false;
	}
	for (int i = 0; i < FILES; i++)
		if (moved[i] < 0 ? (close(i), false) : dup2(moved[i], i) < 0)
			return false;
	return sys_close_range(FILES, ~0u, 0) == 0;
}

/* Who owns a user namespace must be in it to have a say in the others; root need not. */
static bool enter(bool user)
{
	return (!user || geteuid() == 0 || sys_setns(4, CLONE_NEWUSER) == 0) && sys_setns(3, CLONE_NEWNET) == 0;
}

/* Where a program wants it by number. */
static void name_container(const struct strings *args, pid_t container)
{
	static char number[16];
	text_format(number, sizeof(number), "%d", (int)container);
	for (size_t i = 1; i < args->count; i++)
		if (!strcmp(args->items[i], "PID"))
			args->items[i] = number;
}

static _Noreturn void become(const struct job *job, const int files[FILES], pid_t parent)
{
	const struct host_program *p = job->program;
	char *const no_environment[] = {NULL};
	name_container(&p->args, job->container);
	/* It changes the host: nobody would wait for it, or know of it, should we be killed. */
	bool ready = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent && place_files(files) &&
		     (!p->inside || enter(files[4] >= 0)) && chdir("/") == 0;
	signals_reset();
	if (ready)
		execve(p->args.items[0], p->args.items, no_environment);
	const char *why = strerror(errno);
	(void)!write(2, why, strlen(why));
	_exit(127);
}

/* A file, not a pipe: nobody has to read while it is written, and who goes to the background does not keep us. */
static int text_file(const char *text)
{
	int fd = memfd_create("program", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t length = text ? strlen(text) : 0;
	if (fd >= 0 && (pwrite(fd, text ? text : "", length, 0) != (ssize_t)length))
		return close(fd), -1;
	return fd;
}

static int start(struct job *job, const char *input, const int namespaces[2])
{
	int ends[2] = {-1, -1}, null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (!job->program->stays)
		ends[1] = text_file(input);
	else if (pipe2(ends, O_CLOEXEC) < 0)
		ends[1] = -1;
	int files[FILES] = {ends[1], null, job->said = text_file(NULL), namespaces[0], namespaces[1]};
	pid_t parent = getpid();
	job->pidfd = -1;
	job->ready = ends[0];
	job->pid = ends[1] < 0 || null < 0 || files[2] < 0 ? -1 : sys_clone3(0, &job->pidfd, -1);
	if (job->pid == 0)
		become(job, files, parent);
	int error = errno;
	close(ends[1]);
	close(null);
	return errno = error, job->pid < 0 ? -1 : 0;
}

/* It is ready. What it may yet say is for nobody, and must not pile up. */
static bool let_stay(struct supervisor *s, struct job *job)
{
	(void)fcntl(job->said, F_ADD_SEALS, F_SEAL_GROW);
	close(job->pidfd);
	close_end(&job->ready);
	s->staying[s->staying_count++] = job->pid;
	return true;
}

/* S is NULL where nothing may interrupt it any more. True if it is over without an error. */
static bool finish(struct supervisor *s, struct job *job)
{
	struct pollfd polls[] = {{.fd = job->pidfd, .events = POLLIN},
				 {.fd = s ? s->signals : -1, .events = POLLIN},
				 {.fd = job->ready, .events = POLLIN}};
	int status = -1;
	while (job->pid > 0 && !polls[0].revents) {
		int r = poll(polls, 3, PATIENCE_MS);
		if (s && r > 0 && polls[2].revents & POLLIN)
			return let_stay(s, job);
		if (r > 0 && polls[2].revents)
			polls[2].fd = -1;
		if (s && r > 0 && polls[1].revents)
			supervisor_take_signal(s);
		if (r == 0 || (s && (s->interrupted || s->ended))) {
			(void)sys_pidfd_send_signal(job->pidfd, SIGKILL);
			polls[1].fd = -1;
		}
	}
	if (job->pid > 0)
		waitpid(job->pid, &status, 0);
	close(job->pidfd);
	close_end(&job->ready);
	/* Who was to stay and did not has failed. */
	return status == 0 && !job->program->stays;
}

/* The first line that it said becomes the message; of one that was to stay the last, for it may have said more before.
 */
static int explain_failure(struct supervisor *s, const struct job *job)
{
	char said[1000] = "";
	ssize_t n = job->said < 0 ? -1 : pread(job->said, said, sizeof(said) - 1, 0);
	while (n > 0 && said[n - 1] == '\n')
		n--;
	said[n > 0 ? n : 0] = '\0';
	const char *last = job->program->stays ? strrchr(said, '\n') : NULL, *line = last ? last + 1 : said;
	errno = 0;
	return fail(&s->failure, "%s: %.*s", job->program->args.items[0], (int)(*line ? strcspn(line, "\n") : 6),
		    *line ? line : "failed");
}

/* 0 also where failing is allowed, or something else has ended the container meanwhile. */
static int conclude(struct supervisor *s, struct job *job, const int namespaces[2])
{
	const struct host_program *p = job->program;
	bool done = finish(s, job);
	if (!done && p->otherwise && !s->interrupted && !s->ended) {
		close(job->said);
		done = start(job, p->otherwise, namespaces) == 0 && finish(s, job);
	}
	int r = done || p->optional || s->failed || s->interrupted || s->ended ? 0 : explain_failure(s, job);
	if (job->said >= 0)
		close(job->said);
	return r;
}

/* All that were started are waited for: the detaching ones must not meet them. */
static int attach(struct supervisor *s, const int namespaces[2])
{
	struct job jobs[MOST_PROGRAMS];
	size_t waiting = 0;
	int r = 0;
	for (size_t i = 0; i < s->spec->network.attach.count && r == 0 && !s->interrupted && !s->ended; i++) {
		struct job *job = &jobs[waiting];
		*job = (struct job){.program = &s->spec->network.attach.items[i], .container = s->child};
		if (start(job, job->program->input, namespaces) < 0)
			r = fail(&s->failure, "%s", job->program->args.items[0]);
		else if (job->program->meanwhile)
			waiting++;
		else
			r = conclude(s, job, namespaces);
	}
	s->failed = r < 0;
	for (size_t i = 0; i < waiting; i++)
		if (conclude(s, &jobs[i], namespaces) < 0)
			s->failed = true, r = -1;
	return r;
}

int programs_attach(struct supervisor *s, int network)
{
	char path[64];
	bool has_user = spec_clone_flags(s->spec) & CLONE_NEWUSER;
	at_step("parent", "attach");
	text_format(path, sizeof(path), "/proc/%d/ns/user", (int)s->child);
	int user = has_user ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (has_user && user < 0)
		return fail(&s->failure, "%s", path);
	s->attached = true;
	int r = attach(s, (const int[]){network, user});
	if (user >= 0)
		close(user);
	return r;
}

void programs_detach(const struct supervisor *s)
{
	const struct host_programs *detach = &s->spec->network.detach;
	for (size_t i = 0; i < s->staying_count; i++) {
		(void)kill(s->staying[i], SIGKILL);
		(void)waitpid(s->staying[i], NULL, 0);
	}
	for (size_t i = 0; s->attached && i < detach->count; i++) {
		struct job job = {.program = &detach->items[i]};
		if (start(&job, job.program->input, (const int[]){-1, -1}) == 0)
			(void)finish(NULL, &job);
		if (job.said >= 0)
			close(job.said);
	}
}

static void explain_program(const char *when, const struct host_program *p)
{
	print("      %s%s:", when, p->inside ? ", inside" : "");
	for (size_t i = 0; i < p->args.count; i++)
		print(" %s", p->args.items[i]);
	print("%s%s\n", p->optional ? " (may fail)" : "", p->meanwhile || p->stays ? " &" : "");
	const char *texts[] = {p->input, p->otherwise};
	for (size_t i = 0; i < 2; i++)
		for (const char *line = texts[i], *end; line && *line; line = *end ? end + 1 : end) {
			end = line + strcspn(line, "\n");
			print("      %s %.*s\n", i ? "  or |" : "     |", (int)(end - line), line);
		}
}

void detail_programs(const struct spec *spec)
{
	for (size_t i = 0; i < spec->network.attach.count; i++)
		explain_program("attach", &spec->network.attach.items[i]);
	for (size_t i = 0; i < spec->network.detach.count; i++)
		explain_program("at the end", &spec->network.detach.items[i]);
}
