/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/engine/wording.h"

const struct wording wording_english = {
    .edits =
	{
	    [EDIT_VIETNAMESE] = "$1 stands for $2",
	    [EDIT_SCRIPT] = "$1 stands for $2",
	    [EDIT_DIGIT] = "$1 stands for $2",
	    [EDIT_LETTER] = "$1 stands for $2",
	    [EDIT_WEAK_LOOKALIKE] = "$1 stands for $2",
	    [EDIT_REPETITION] = "$1 is doubled",
	    [EDIT_OMISSION] = "$2 is left out",
	    [EDIT_TRANSPOSITION] = "$1 and $2 are swapped",
	    [EDIT_NEIGHBOUR_KEY] = "$1, the key beside it, stands for $2",
	    [EDIT_EXTRA_KEY] = "$1, a key beside it, is typed too",
	    [EDIT_VOWEL] = "$1 stands for $2, another vowel",
	    [EDIT_APPENDED] = "$1 is added at the end",
	    [EDIT_BIT] = "one flipped bit makes $1 of $2",
	    [EDIT_INSERTION] = "$1 is put in",
	    [EDIT_SUBSTITUTION] = "$1 stands for $2",
	},
    .next = ", ",
    .more = ", $1 more",
    .of_token = ", in $1",
    .with = " with $1",
    .and_with = " and $1",
    .hyphen_splits = "a hyphen splits $1",
    .dot_splits = "a dot splits $1",
    .other_suffix = "$1 under $2 instead of $3",
    .own_suffix = " from its own suffix",
    .in_front = "$1 stands in front of $2",
};

const struct wording wording_vietnamese = {
    .edits =
	{
	    [EDIT_VIETNAMESE] = "$1 thay cho $2",
	    [EDIT_SCRIPT] = "$1 thay cho $2",
	    [EDIT_DIGIT] = "$1 thay cho $2",
	    [EDIT_LETTER] = "$1 thay cho $2",
	    [EDIT_WEAK_LOOKALIKE] = "$1 thay cho $2",
	    [EDIT_REPETITION] = "chữ $1 bị lặp lại",
	    [EDIT_OMISSION] = "thiếu chữ $2",
	    [EDIT_TRANSPOSITION] = "$1 và $2 bị đổi chỗ",
	    [EDIT_NEIGHBOUR_KEY] = "$1, phím ngay bên cạnh, thay cho $2",
	    [EDIT_EXTRA_KEY] = "gõ thừa $1, phím ngay bên cạnh",
	    [EDIT_VOWEL] = "$1 thay cho $2, một nguyên âm khác",
	    [EDIT_APPENDED] = "thêm $1 ở cuối",
	    [EDIT_BIT] = "$1 thay cho $2, chỉ khác một bit",
	    [EDIT_INSERTION] = "chèn thêm $1",
	    [EDIT_SUBSTITUTION] = "$1 thay cho $2",
	},
    .next = ", ",
    .more = ", còn $1 chỗ khác",
    .of_token = ", trong $1",
    .with = " kèm theo $1",
    .and_with = " và $1",
    .hyphen_splits = "dấu gạch nối chia đôi $1",
    .dot_splits = "dấu chấm chia đôi $1",
    .other_suffix = "$1 có đuôi $2 thay vì $3",
    .own_suffix = " lấy từ đuôi tên miền thật",
    .in_front = "$1 đứng trước $2",
};
