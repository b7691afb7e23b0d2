#ifndef DEVFILTER_H
#define DEVFILTER_H

#include "spec.h"

/*
 * Version 2 has no devices controller: a BPF program decides (Linux 4.15, BPF_PROG_TYPE_CGROUP_DEVICE). Attaches one
 * that lets through what RULES allow, and nothing else. 0, or -1 with errno.
 */
int devfilter_attach(int cgroup, const struct device_rules *rules);

#endif
