"""Bad input on the command line: status 2, one line that names argument, rule and value, no traceback."""

import os
import re
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.running import invoke, process
from tests.search import examples

REFUSED = [
    # arguments, what the message must name
    (["derive", "--length", "0"], "length"),
    (["derive", "--length", "-3"], "length"),
    (["derive", "--length", "2.5"], "length"),
    (["derive", "--length", "1/2"], "length"),
    (["derive", "--length", "five"], "length"),
    (["derive", "--length", ""], "length"),
    (["derive", "--length", "9^9^9"], "length"),
    (["derive", "--vocabulary", "0"], "vocabulary"),
    (["derive", "--vocabulary", "-1"], "vocabulary"),
    (["derive", "--vocabulary", "x.y"], "vocabulary"),
    (["derive", "--tokens", "distinct", "--vocabulary", "3"], "vocabulary"),
    (["derive", "--tokens", "zipf"], "tokens"),
    (["derive", "--tokens", "1/2,1/3"], "must add to one|must sum to one|sum"),
    (["derive", "--tokens", "1/2,-1/2,1"], "tokens|probabilit"),
    (["derive", "--tokens", "1/2,a"], "tokens"),
    (["derive", "--tokens", ""], "tokens"),
    (["derive", "--set", "alpha"], "set"),
    (["derive", "--set", "=1"], "set"),
    (["derive", "--set", "delta=1"], "delta"),
    (["derive", "--set", "alpha=-1"], "alpha|token"),
    (["derive", "--set", "alpha=1", "--set", "alpha=2"], "alpha"),
    (["derive", "--set", "alpha=__import__('os')"], "alpha"),
    (["derive", "--set", "alpha=1e5"], "alpha"),
    (["derive", "--set", "alpha="], "alpha"),
    (["derive", "--set", "L=3"], "L"),
    (["derive", ""], "pipeline|kernel|preset"),
    (["derive", "attention"], "attention|embedding"),
    (["derive", "embedding(alpha)"], "readout|mean_pool"),
    (["derive", "embedding(alpha) | atention | mean_pool"], "atention"),
    (["derive", "embedding(alpha) | mean_pool | attention"], "attention"),
    (["derive", "embedding(alpha) | | mean_pool"], "stage"),
    (["derive", "embedding(alpha | mean_pool"], "parenthes"),
    (["derive", "embedding(alpha,) | mean_pool"], "embedding|argument|number|position"),
    (["derive", "embedding() | mean_pool"], "token"),
    (["derive", "embedding(1, 2, 3, 4) | mean_pool"], "embedding"),
    (["derive", "embedding(alpha, depth=2) | mean_pool"], "depth"),
    (["derive", "embedding(alpha, token=2) | mean_pool"], "token"),
    (["derive", "embedding(token=1, token=2) | mean_pool"], "token"),
    (["derive", "embedding(-1) | mean_pool"], "token"),
    (["derive", "embedding(alpha, abs(a-b)) | mean_pool"], "abs"),
    (["derive", "embedding(alpha) | attention(query_key=both) | mean_pool"], "both"),
    (["derive", "embedding(alpha) | attention(row_map=softmax) | mean_pool"], "row_map|softmax"),
    (["derive", "embedding(alpha) | attention(tied, cosine) | mean_pool"], "cosine"),
    (["derive", "embedding(alpha) | attention(normalize=maybe) | mean_pool"], "normalize"),
    (["derive", "embedding(alpha) | mlp(tanh) | mean_pool"], "tanh"),
    (["derive", "embedding(alpha) | mlp(x^1001) | mean_pool"], "1001|exponent"),
    (["derive", "embedding(alpha) | at_position(first)"], "first"),
    (["derive", "embedding(alpha) | residual | mean_pool"], "residual"),
    (["derive", "embedding(alpha) | mean_pool; rm -rf x"], "';'|stage|rm"),
    (["derive", "embedding(alpha) | mean_pool.__class__"], "mean_pool"),
    (["derive", "linear-atention"], "linear-atention"),
    (["derive", "softmax-block"], "softmax"),
    (["derive", "fully-connected"], "relu"),
    (["derive", "--format", "yaml"], "yaml"),
    (["derive", "--no-such-option"], "no-such-option"),
    (["derive", "bag-of-tokens", "flatten"], "flatten"),
    (["derive", "--output", "/no/such/folder/result.txt"], "output"),
    (["character", "3,2,1"], "MU"),
    (["character", "1,3", "2,2"], "lam"),
    (["character", "3,2,1", "2,2"], "mu|lam"),
    (["character", "3,2,1", "2,x"], "mu"),
    (["character", "3,2,1", ""], "mu"),
    (["character", "0", "1"], "lam"),
    (["character", "3.0", "3"], "lam"),
    (["character", "True", "1"], "lam"),
    (["character", "[2,1", "3"], "lam"),
    (["character", "99999999999999999999", "1"], "lam|mu"),
    (["table"], "N"),
    (["table", "--", "-1"], "n"),
    (["table", "2.5"], "n"),
    (["table", "ten"], "n"),
    (["table", "²"], "n"),
    (["table", "2000"], "bytes"),
    (["table", "999999999999"], "n"),
    (["table", "4", "--format", "npz"], "output"),
    (["table", "4", "--format", "json"], "json"),
    (["decipher"], "decipher"),
]


@pytest.mark.parametrize(
    ("arguments", "named"), REFUSED, ids=lambda a: " ".join(a)[:60] if isinstance(a, list) else ""
)
def test_refusal(arguments, named):
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert re.search(named, last), last
    if "Usage:" not in result.stderr:  # click's own refusals show the usage above
        assert last == result.stderr.strip()
        assert last.startswith("symkern: ")


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    "arguments",
    [
        ["derive", "--length", "0"],
        ["derive", "embedding(alpha) | atention | mean_pool"],
        ["derive", "(" * 5000],
        ["derive", "embedding(" + "(" * 5000 + "alpha"],
        ["character", "1,3", "2,2"],
        ["table", "2000"],
    ],
    ids=lambda a: " ".join(a)[:40],
)
def test_refusal_in_a_process(arguments):
    result = process(*arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("symkern: ")
    assert result.stderr.count("\n") == 1


_words = st.sampled_from(
    ["embedding", "attention", "mean_pool", "flatten", "residual", "linear", "mlp", "at_position"]
) | st.sampled_from(["(", ")", "|", ",", "=", "alpha", "1/2", "tied", "token", "x^2", "last", " "])


@given(st.lists(_words, max_size=14).map("".join) | st.text(max_size=30))
@examples(150)
def test_any_pipeline_is_derived_or_refused(text):
    """No pipeline leads to a traceback; a dash in front would be an option to the shell's reader."""
    result = invoke("derive", "--length", "2", "--vocabulary", "2", "--", text)
    assert result.exit_code in (0, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


@given(st.text(max_size=12), st.text(max_size=12))
@examples(100)
def test_any_partitions_are_read_or_refused(lam, mu):
    result = invoke("character", "--", lam, mu)
    assert result.exit_code in (0, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_a_refused_result_leaves_the_old_file(tmp_path):
    target = tmp_path / "result.txt"
    target.write_text("before")
    assert invoke("derive", "--length", "0", "--output", str(target)).exit_code == 2
    assert target.read_text() == "before"
    assert invoke("table", "2000", "--output", str(target)).exit_code == 2
    assert target.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["result.txt"]


def test_a_directory_is_no_file(tmp_path):
    result = invoke("table", "3", "--output", str(tmp_path))
    assert result.exit_code == 2
    assert "output" in result.stderr


def test_output_through_a_link_keeps_the_link(tmp_path):
    """What is not a plain file is written to, and not replaced: links, and devices such as /dev/null."""
    target, link = tmp_path / "result.txt", tmp_path / "link.txt"
    target.write_text("before")
    link.symlink_to(target)
    assert invoke("character", "--help").exit_code == 0
    assert invoke("table", "3", "--output", str(link)).exit_code == 0
    assert link.is_symlink()
    assert "before" not in target.read_text()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_output_to_a_named_pipe_writes_into_it(tmp_path):
    """The same for a pipe: a reader gets the table, and the pipe is a pipe afterwards."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert invoke("table", "3", "--format", "csv", "--output", str(pipe)).exit_code == 0
        assert stat.S_ISFIFO(pipe.stat().st_mode)
        assert b"2,1" in os.read(reader, 65536)
    finally:
        os.close(reader)
