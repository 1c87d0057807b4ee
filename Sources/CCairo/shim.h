#ifndef LIKENESS_CCAIRO_SHIM_H
#define LIKENESS_CCAIRO_SHIM_H

#include <cairo.h>
#include <cairo-svg.h>

#endif
