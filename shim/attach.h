#ifndef ATTACH_H
#define ATTACH_H

#include <stdbool.h>

struct attach_options {
	const char *dir; /* of the container, where its control socket is */
	bool with_input;
	const char *detach_keys; /* bytes that end the attachment and leave the container running; NULL: none */
};

/* Connects this process's stdin, stdout and stderr to a container's. The command's exit code; 0 after the detach keys.
 */
int attach(const struct attach_options *options);

#endif
