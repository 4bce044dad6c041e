#include <stdio.h>

int main(void)
{
	puts("truegate " TRUEGATE_VERSION);
	return 0;
}
