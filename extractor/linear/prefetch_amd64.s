#include "textflag.h"

// func prefetch(base unsafe.Pointer, offsets *uint32, n int, shift uint)
TEXT ·prefetch(SB), NOSPLIT, $0-32
	MOVQ base+0(FP), AX
	MOVQ offsets+8(FP), BX
	MOVQ n+16(FP), DX
	MOVQ shift+24(FP), CX
	TESTQ DX, DX
	JLE done
next:
	MOVL (BX), SI
	SHLQ CX, SI
	PREFETCHT0 (AX)(SI*1)
	ADDQ $4, BX
	DECQ DX
	JNZ next
done:
	RET
