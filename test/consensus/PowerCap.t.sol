// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PowerCap} from "../../contracts/consensus/PowerCap.sol";

contract PowerCapTest {
    /// @notice Every validator is strictly below a third, at most two are capped, and no cap is lower than it has to be.
    function testFuzz_EverybodyIsBelowAThird(uint64[] calldata seeds, uint8 shape) external pure {
        uint256[] memory powers = _descending(seeds, shape);
        uint256 total = _sum(powers);
        uint256 cap = PowerCap.capOf(powers[0], powers[1], total);
        uint256 capped;
        uint256 voting;
        for (uint256 i = 0; i < powers.length; ++i) {
            if (powers[i] > cap) ++capped;
            voting += _min(powers[i], cap);
        }
        assert(capped <= 2 && cap != 0);
        for (uint256 i = 0; i < powers.length; ++i) assert(_min(powers[i], cap) * 3 < voting);
        // With one more for those who are capped, one of them would have a third.
        if (capped != 0) assert((cap + 1) * 3 >= voting + capped);
    }

    function testFuzz_ChangesNothingWhereNobodyIsAbove(uint64[] calldata seeds, uint8 shape) external pure {
        uint256[] memory powers = _descending(seeds, shape);
        uint256 total = _sum(powers);
        uint256 cap = PowerCap.capOf(powers[0], powers[1], total);
        bool isAbove = powers[0] * 3 >= total;
        assert((cap < powers[0]) == isAbove);
    }

    /// @notice The corners: a giant, two giants, all equal, exactly a third, one above a third.
    function test_Corners() external pure {
        assert(PowerCap.capOf(type(uint64).max, 1, uint256(type(uint64).max) + 3) == 1);
        assert(PowerCap.capOf(1_000, 1_000, 2_002) == 1);
        assert(PowerCap.capOf(1, 1, 4) == 1);
        assert(PowerCap.capOf(2, 2, 6) == 1);
        assert(PowerCap.capOf(3, 3, 10) == 3);
        assert(PowerCap.capOf(100, 2, 105) == 2);
        assert(PowerCap.capOf(100, 3, 106) == 2);
    }

    /// @dev 4 to 16 powers of at least 1, the largest first; of any size, small, or with giants in front.
    function _descending(uint64[] calldata seeds, uint8 shape) private pure returns (uint256[] memory powers) {
        powers = new uint256[](4 + (shape % 13));
        for (uint256 i = 0; i < powers.length; ++i) {
            uint256 seed = i < seeds.length ? seeds[i] : uint64(uint256(keccak256(abi.encode(seeds, i))));
            uint256 ceiling =
                shape % 3 == 0
                    ? type(uint64).max
                    : shape % 3 == 1
                        ? 5
                        : i < 2
                            ? 1_000
                            : 20;
            uint256 power = 1 + (seed % ceiling);
            uint256 place = i;
            for (; place > 0 && powers[place - 1] < power; --place) powers[place] = powers[place - 1];
            powers[place] = power;
        }
    }

    function _sum(uint256[] memory powers) private pure returns (uint256 sum) {
        for (uint256 i = 0; i < powers.length; ++i) sum += powers[i];
    }

    function _min(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }
}
