// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Epoch, EpochLib} from "../../contracts/consensus/Epoch.sol";

contract EpochTest {
    function testFuzz_PacksAndReadsEachField(
        uint32 number,
        uint40 startedAt,
        uint40 firstSlot,
        uint48 firstBlock,
        uint8 snapshot,
        uint8 seats,
        uint64 total
    ) external pure {
        Epoch epoch = EpochLib.pack(number, startedAt, firstSlot, firstBlock, snapshot, seats, total);
        assert(epoch.number() == number);
        assert(epoch.startedAt() == startedAt);
        assert(epoch.firstSlot() == firstSlot);
        assert(epoch.firstBlock() == firstBlock);
        assert(epoch.snapshot() == snapshot);
        assert(epoch.seats() == seats);
        assert(epoch.total() == total);
    }

    /// @notice The fields are where the interface draws them.
    function test_Layout() external pure {
        uint256 word = Epoch.unwrap(EpochLib.pack(1, 2, 3, 4, 5, 6, 7));
        assert(word == 1 | (2 << 32) | (3 << 72) | (4 << 112) | (5 << 160) | (6 << 168) | (7 << 176));
    }
}
