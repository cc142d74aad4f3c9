"""Two processes of DistributedDataParallel on this machine are one process with both batches."""

import socket

import pytest
import torch
from torch import distributed, multiprocessing, nn

from regkit.torch import regularize

SPECS = [
    "l1=0.01",
    "group_lasso=0.05,mode=prox@2.weight",
    "l2=0.1,mode=decoupled@*",
    "activity_l2=0.1@1",
]


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3)).double()


def rows(rank):
    generator = torch.Generator().manual_seed(rank)
    return torch.randn(8, 4, generator=generator, dtype=torch.float64)


def trained(model, x, specs):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    handle = regularize(model, optimizer, specs)
    for _ in range(5):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
    return handle


def one_of_two(rank, port, folder):
    torch.set_num_threads(1)
    store = distributed.TCPStore("127.0.0.1", port, 2, rank == 0)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=2)
    model = nn.parallel.DistributedDataParallel(network())
    handle = trained(model, rows(rank), SPECS)
    torch.save(
        [[one.detach() for one in model.parameters()], handle.zeros()], folder / f"{rank}.pt"
    )
    distributed.destroy_process_group()


@pytest.mark.slow
def test_two_processes_agree_with_one(tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    multiprocessing.spawn(one_of_two, (port, tmp_path), nprocs=2)
    (first, zeros), (second, _) = (torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1))
    model = network()
    handle = trained(model, torch.cat([rows(0), rows(1)]), SPECS)
    for mine, other, wanted in zip(first, second, model.parameters(), strict=True):
        assert torch.equal(mine, other)
        torch.testing.assert_close(mine, wanted.detach())
    assert zeros == handle.zeros()
