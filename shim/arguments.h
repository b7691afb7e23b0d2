/* The words after `mc-init run`. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include "supervise.h"

struct arguments {
	const char *file;
	int spec_fd, status_fd;
	struct run_options run;
};

/* Exits with 125 where they are not understood. */
struct arguments parse_arguments(char *argv[]);
/* The open descriptor that TEXT names. */
int descriptor_argument(const char *option, const char *text);
_Noreturn void misuse(const char *what, const char *word);

#endif
