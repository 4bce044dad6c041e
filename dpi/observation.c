#include "dpi/observation.h"

const char *via_text(enum via via)
{
	return via == VIA_DNS ? "dns" : "http";
}
