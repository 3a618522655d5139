// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/**
 * @title SaltedDomain
 * @notice An EIP-712 domain with a salt. A restarted network can have the same chain id and the same contract at the same address as one
 * before it; the salt keeps a vote from one of them out of the other.
 */
abstract contract SaltedDomain is IERC5267 {
    /// @dev Name, version, chain id, contract and salt.
    bytes1 private constant FIELDS = 0x1f;
    string private constant VERSION = "1";

    bytes32 private immutable _salt;
    uint256 private immutable _chainId;
    bytes32 private immutable _separator;

    constructor(bytes32 salt) {
        _salt = salt;
        _chainId = block.chainid;
        _separator = _buildSeparator();
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (FIELDS, _domainName(), VERSION, block.chainid, address(this), _salt, new uint256[](0));
    }

    /// @dev The digest that is signed.
    function _typedDigest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 separator = block.chainid == _chainId ? _separator : _buildSeparator();
        return MessageHashUtils.toTypedDataHash(separator, structHash);
    }

    /// @dev The domain's name.
    function _domainName() internal pure virtual returns (string memory);

    function _buildSeparator() private view returns (bytes32) {
        string memory name = _domainName();
        return MessageHashUtils.toDomainSeparator(FIELDS, name, VERSION, block.chainid, address(this), _salt);
    }
}
