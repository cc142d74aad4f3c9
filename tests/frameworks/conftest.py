"""Tests against other frameworks, which the extra `bench` installs: collected where it is."""

from importlib.util import find_spec

collect_ignore_glob = []
if find_spec("torch") and find_spec("jax"):
    import jax

    # A second device, for tests of what stays where it is; before JAX is used.
    jax.config.update("jax_num_cpu_devices", 2)
else:
    collect_ignore_glob.append("test_[!d]*.py")
if not find_spec("distributed"):
    collect_ignore_glob.append("test_dask.py")
