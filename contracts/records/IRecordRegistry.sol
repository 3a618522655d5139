// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Record, RecordId, RecordState} from "./Record.sol";

/**
 * @title IRecordRegistry
 * @notice The index of the medical records (the paper's section III-A 1): what record exists, whose it is, who treated, where it is kept.
 * The record itself stays in the institution's medical database; its id commits to every section of it.
 *
 * A record comes in with the signatures of doctor and patient over its id, sent by the institution it names, so nobody else can register
 * it first; or in a batch that the institution and the doctor vouch for, *asserted* until the patient accepts or repudiates it. An id
 * registers once, ever, so the signatures need no nonce.
 */
interface IRecordRegistry {
    /// @notice A record to be registered; its institution is the sender.
    /// @param patient The patient's wallet, by default a fresh one for each record.
    /// @param recordedAt When the record was signed, in seconds; not in the future. By default rounded down to the day.
    /// @param dataClass The record's class, 24 to 31 ({DataClass}).
    /// @param salt Random.
    /// @param sectionsRoot Root of the Merkle tree over the leaves of its sections.
    struct RecordHeader {
        address patient;
        uint40 recordedAt;
        uint8 dataClass;
        bytes32 salt;
        bytes32 sectionsRoot;
    }

    /// @notice One record of a batch; its institution is the sender, its doctor the batch's.
    /// @param subject Patient, recordedAt and dataClass, packed where {Record} has them; its other bits are zero.
    /// @param salt Random.
    /// @param sectionsRoot Root of the Merkle tree over the leaves of its sections.
    struct BatchItem {
        Record subject;
        bytes32 salt;
        bytes32 sectionsRoot;
    }

    /// @notice Signatures of patient and doctor over `Record(bytes32 id,bytes32 supersedes,uint256 deadline)`.
    /// @param deadline Last second at which they count.
    struct Signatures {
        uint256 deadline;
        bytes patient;
        bytes doctor;
    }

    /// @notice A record was registered, accepted from the start.
    event RecordRegistered(RecordId indexed id, address indexed patient, uint16 indexed institution, uint24 doctor);

    /// @notice A record came in with a batch; the patient has not spoken yet.
    event RecordAsserted(RecordId indexed id, address indexed patient, uint16 indexed institution, uint24 doctor);

    /// @notice The patient accepted an asserted record.
    event RecordAccepted(RecordId indexed id);

    /// @notice The patient repudiated an asserted record.
    event RecordRepudiated(RecordId indexed id);

    /// @notice `id` takes the place of `supersedes`.
    event RecordAmended(RecordId indexed id, RecordId indexed supersedes);

    /// @notice The id is taken; a record registers once, ever.
    error RecordAlreadyRegistered(RecordId id);

    /// @notice No record has this id.
    error RecordUnknown(RecordId id);

    /// @notice The record is not in the state that the action needs.
    error RecordStateMismatch(RecordId id, RecordState state, RecordState required);

    /// @notice The record is another patient's, or of another institution.
    error RecordNotOf(RecordId id, address patient, uint16 institution);

    /// @notice The record was signed later than now. Remedy: check the clock that signed it.
    error RecordDatedInFuture(uint256 recordedAt, uint256 timestamp);

    /// @notice The class is not one of a whole record (24 to 31).
    error RecordClassInvalid(uint8 dataClass);

    /// @notice `signer` did not sign this, on this chain, for this contract.
    error RecordSignatureInvalid(address signer);

    /// @notice The signature's deadline has passed. Remedy: sign again.
    error RecordSignatureExpired(uint256 deadline);

    /// @notice An item of a batch says more than patient, recordedAt and dataClass.
    error RecordSubjectInvalid(uint256 index);

    /// @notice A batch holds 1 to 256 records.
    error RecordBatchSizeInvalid(uint256 size);

    /// @notice Registers a record that doctor and patient signed. Callable by the active institution that the id names.
    /// @param doctor The treating doctor's wallet.
    /// @return id The record's id.
    function register(
        RecordHeader calldata header,
        address doctor,
        Signatures calldata signatures
    ) external returns (RecordId id);

    /// @notice Registers the amended version of an accepted record of the same patient and institution. Callable by that institution.
    /// @param doctor The wallet of the doctor who signs the amended version.
    /// @param supersedes The record whose place the new one takes.
    /// @return id The new record's id.
    function amend(
        RecordHeader calldata header,
        address doctor,
        RecordId supersedes,
        Signatures calldata signatures
    ) external returns (RecordId id);

    /// @notice Registers earlier records, asserted by the calling institution (by sending) and the doctor (by signature).
    /// @param doctor The doctor's wallet.
    /// @param items 1 to 256 records; none is registered if one fails.
    /// @param deadline Last second at which the signature counts.
    /// @param doctorSignature The doctor's, over `RecordBatch(bytes32[] ids,uint256 deadline)`.
    function registerBatch(
        address doctor,
        BatchItem[] calldata items,
        uint256 deadline,
        bytes calldata doctorSignature
    ) external;

    /// @notice Accepts an asserted record. Callable by its certified patient.
    /// @param id The record.
    function accept(RecordId id) external;

    /// @notice {accept}, sent by anyone with the patient's signature over `Acceptance(bytes32 id,uint256 deadline)`.
    /// @param id The record.
    /// @param deadline Last second at which the signature counts.
    /// @param signature 65 bytes, or what an ERC-1271 wallet takes.
    function acceptBySig(RecordId id, uint256 deadline, bytes calldata signature) external;

    /// @notice Repudiates an asserted record. Callable by its patient, whatever the state of the certificate.
    /// @param id The record.
    function repudiate(RecordId id) external;

    /// @notice {repudiate}, sent by anyone with the patient's signature over `Repudiation(bytes32 id,uint256 deadline)`.
    /// @param id The record.
    /// @param deadline Last second at which the signature counts.
    /// @param signature 65 bytes, or what an ERC-1271 wallet takes.
    function repudiateBySig(RecordId id, uint256 deadline, bytes calldata signature) external;

    /// @notice The packed record; zero if the id is unknown.
    /// @param id The record.
    function records(RecordId id) external view returns (Record);

    /// @notice The record, field by field, for people and dApps; all zero if the id is unknown.
    /// @param id The record.
    /// @return patient The patient's wallet.
    /// @return recordedAt When it was signed, in seconds.
    /// @return dataClass Its class, 24 to 31.
    /// @return institution The institution's number.
    /// @return doctor The treating doctor's number.
    /// @return state Where it stands.
    function describe(
        RecordId id
    )
        external
        view
        returns (
            address patient,
            uint40 recordedAt,
            uint8 dataClass,
            uint16 institution,
            uint24 doctor,
            RecordState state
        );
}
