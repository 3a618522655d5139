// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rank} from "../../contracts/consensus/Rank.sol";
import {Ranking} from "../../contracts/consensus/Ranking.sol";

/**
 * @title RankingHandler__Harness
 * @notice Puts candidates into a ranking, moves them and takes them out at random, with any hint, and does the same with a plain array:
 * who comes with some power stands behind all who have as much.
 */
contract RankingHandler__Harness {
    using Ranking for mapping(uint16 => Rank);

    uint256 private constant CANDIDATES = 12;

    mapping(uint16 candidate => Rank) public ranks;

    uint16[] private _order;
    mapping(uint16 candidate => uint256) private _powers;

    constructor() {
        // A word as the registry has it before a candidate stands for the first time.
        for (uint16 i = 1; i <= CANDIDATES; ++i) ranks[i] = Rank.wrap(operatorOf(i));
    }

    function insert(uint8 who, uint64 power, uint16 hint) external {
        uint16 candidate = _candidate(who);
        if (_powers[candidate] != 0) return;
        power = _power(power);
        ranks.insert(candidate, power, _hint(hint));
        _place(candidate, power);
    }

    function remove(uint8 who) external {
        uint16 candidate = _candidate(who);
        if (_powers[candidate] == 0) return;
        ranks.remove(candidate);
        _take(candidate);
    }

    function update(uint8 who, uint64 power, uint16 hint) external {
        uint16 candidate = _candidate(who);
        if (_powers[candidate] == 0) return;
        power = _power(power);
        ranks.update(candidate, power, _hint(hint));
        if (!_staysInPlace(candidate, power)) {
            _take(candidate);
            _place(candidate, power);
        }
        _powers[candidate] = power;
    }

    /// @notice The candidates in the order in which they should stand.
    function order() external view returns (uint16[] memory) {
        return _order;
    }

    function powerOf(uint16 candidate) external view returns (uint256) {
        return _powers[candidate];
    }

    function operatorOf(uint16 candidate) public pure returns (uint160) {
        return type(uint160).max - candidate;
    }

    function candidates() external pure returns (uint16) {
        return uint16(CANDIDATES);
    }

    function _place(uint16 candidate, uint256 power) private {
        _powers[candidate] = power;
        _order.push(candidate);
        for (uint256 i = _order.length - 1; i > 0 && _powers[_order[i - 1]] < power; --i) {
            (_order[i - 1], _order[i]) = (_order[i], _order[i - 1]);
        }
    }

    function _take(uint16 candidate) private {
        uint256 index = _indexOf(candidate);
        for (uint256 i = index; i + 1 < _order.length; ++i) _order[i] = _order[i + 1];
        _order.pop();
        delete _powers[candidate];
    }

    /// @dev Who still fits between the neighbours keeps the place, also among equals.
    function _staysInPlace(uint16 candidate, uint256 power) private view returns (bool) {
        uint256 index = _indexOf(candidate);
        bool fitsBelow = index == 0 || _powers[_order[index - 1]] >= power;
        return fitsBelow && (index + 1 == _order.length || _powers[_order[index + 1]] <= power);
    }

    function _indexOf(uint16 candidate) private view returns (uint256 index) {
        while (_order[index] != candidate) ++index;
    }

    function _candidate(uint8 who) private pure returns (uint16) {
        return uint16(1 + (who % CANDIDATES));
    }

    /// @dev Mostly so small that many are equal.
    function _power(uint64 seed) private pure returns (uint64) {
        if (seed % 8 == 0) return seed == 0 ? type(uint64).max : seed;
        return 1 + ((seed >> 3) % 6);
    }

    /// @dev Mostly somebody, sometimes the end or nobody.
    function _hint(uint16 hint) private pure returns (uint16) {
        return hint % 16 == 15 ? hint : uint16(hint % (CANDIDATES + 1));
    }
}
